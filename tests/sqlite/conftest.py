from tests.concurrency.stage import stage

__all__ = ["stage"]
