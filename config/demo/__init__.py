"""The parts of `make run`: the whole shop on one machine, with the sandbox in the providers' place."""
