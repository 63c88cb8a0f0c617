"""Characters: mojibake, entities, composed forms, controls and invisible characters; folding as steps of their own.

Run them in this order, line ends first: entities, mojibake, controls, invisible, bidi, private use, composition.
"""

from __future__ import annotations

from normalize.characters.composition import compose_characters
from normalize.characters.entities import fix_entities
from normalize.characters.folding import fold_compatibility, fold_dashes, fold_ligatures, fold_quotes, fold_width
from normalize.characters.invisible import (
    drop_bidi_controls,
    drop_controls,
    drop_invisible,
    drop_marks,
    drop_private_use,
)
from normalize.characters.mojibake import fix_mojibake

__all__ = [
    "compose_characters",
    "drop_bidi_controls",
    "drop_controls",
    "drop_invisible",
    "drop_marks",
    "drop_private_use",
    "fix_entities",
    "fix_mojibake",
    "fold_compatibility",
    "fold_dashes",
    "fold_ligatures",
    "fold_quotes",
    "fold_width",
]
