"""From a folder of Markdown to posts. Reading and understanding it touches no database; writing is apart."""
