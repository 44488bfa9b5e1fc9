"""Documents, the reads and writes that functions do, and who must be told of a write. It opens no file and no socket,
starts no task and looks at no clock: connections and moments are given to it.
"""
