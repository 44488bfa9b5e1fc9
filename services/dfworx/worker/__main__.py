"""`python -m dfworx.worker`."""

from dfworx.worker.main import main

main()
