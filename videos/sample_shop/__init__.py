"""The shop that `make run` opens with: invented films, drawn posters, one reel of 24 seconds for all of them.

The posters' lettering is outlined from Noto CJK, Vollkorn, League Spartan, Bebas Neue, Goudy Bookletter and
Nanum (all under the SIL Open Font License), so that it looks the same on a machine that has none of them.
"""
