"""What `./dfworx bench` measures: one module a benchmark, and what they share to measure fairly."""
