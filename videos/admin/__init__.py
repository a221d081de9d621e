from videos.admin import catalogue, kollus_side, offers, rights, watching

__all__ = ["catalogue", "kollus_side", "offers", "rights", "watching"]
