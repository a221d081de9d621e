from videos.admin import catalogue, offers, rights, watching

__all__ = ["catalogue", "offers", "rights", "watching"]
