"""The signals of one text in plain Python: slow, and read off their definitions in signals.tsv."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter

from normalize.tables import read_table

SPACES = "\t\n\v\f\r\x20\x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000" + "".join(map(chr, range(0x2000, 0x200B)))
IDEOGRAPH = "\u3041-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323ff"
TERMINAL = ".!?…‼‽⁇⁈⁉。．！？｡؟۔।॥။၊።፧፨។៕։܀܁܂᙮᠃᠉"
CLOSERS = "\"'”’»›)]」』】）］"
QUOTES = "\"'”’»"
BULLETS = "•-*‣◦▪●○■□➢➤►"
NOTICES = "javascript|terms of use|privacy policy|cookie policy|uses cookies|use of cookies|use cookies"
COUNTER = r"\d[\d.,]*[km]? (?:likes?|shares?|comments?|retweets?|views?|votes?|repl(?:y|ies)|followers?)"
STOP_WORDS = {row["language"]: set(row["words"].split()) for row in read_table("stop_words")}


def kind(char: str) -> str:
    return unicodedata.category(char)


def is_letter(char: str) -> bool:
    return kind(char).startswith("L")


def is_number(char: str) -> bool:
    return kind(char).startswith("N")


def words_of(text: str) -> list[str]:
    found: list[str] = []
    for run in re.split(f"[{SPACES}]+", text):
        word = ""
        for char in run:
            alone = re.match(f"[{IDEOGRAPH}]", char)
            after = word and re.match(f"[{IDEOGRAPH}]", word[-1]) and (is_letter(char) or is_number(char))
            if word and (alone or after):
                found.append(word)
                word = ""
            word += char
        if word:
            found.append(word)
    return found


def lines_of(text: str) -> list[str]:
    return [line.strip(SPACES) for line in text.split("\n") if line.strip(SPACES)]


def paragraphs_of(text: str) -> list[str]:
    # What stands between its first and last word, blank ends of its lines within included.
    joined = "\n".join(line if line.strip(SPACES) else "" for line in text.split("\n"))
    return [part.strip(SPACES) for part in re.split(r"\n{2,}", joined) if part.strip(SPACES)]


def sentences_of(line: str) -> int:
    words = words_of(line)
    count = 0
    for n, word in enumerate(words):
        if n == len(words) - 1:
            count += 1
            continue
        bare = word
        for _ in range(2):
            if len(bare) > 1 and bare[-1] in CLOSERS:
                bare = bare[:-1]
        short = len(bare) <= 4 and kind(word[0]) == "Lu" and bare[-1] == "."
        count += bare[-1] in TERMINAL and kind(words[n + 1][0]) != "Ll" and not short
    return count


def share(part: float, whole: float) -> float:
    return part / whole if whole else 0.0


def repeated(items: list[str]) -> list[str]:
    seen: set[str] = set()
    again = []
    for item in items:
        if item in seen:
            again.append(item)
        seen.add(item)
    return again


def top_gram(words: list[str], n: int) -> int:
    grams = Counter(tuple(words[k : k + n]) for k in range(len(words) - n + 1))
    if not grams:
        return 0
    gram, count = grams.most_common(1)[0]
    return len(" ".join(gram)) * count


def repeated_grams(words: list[str], n: int) -> int:
    seen = set()
    chars = place = 0
    while place <= len(words) - n:
        gram = tuple(words[place : place + n])
        if gram in seen:
            chars += len("".join(gram))
            place += n
        else:
            seen.add(gram)
            place += 1
    return chars


def trails(line: str) -> bool:
    return line.endswith(("...", "…"))


def ended(line: str) -> bool:
    return line[-1] in TERMINAL and not trails(line)


def noticed(line: str) -> bool:
    return re.search(NOTICES, line, re.IGNORECASE) is not None


def c4_keeps(line: str) -> bool:
    words = words_of(line)
    return (
        (ended(line) or line[-1] in QUOTES) and len(words) >= 3 and max(map(len, words)) <= 1000 and not noticed(line)
    )


def is_upper(line: str) -> bool:
    words = [word for word in words_of(line) if any(map(is_letter, word))]
    capital = [
        word for word in words_of(line) if any(kind(c) == "Lu" for c in word) and not any(kind(c) == "Ll" for c in word)
    ]
    return sum(map(len, capital)) * 2 > sum(map(len, words))


def is_numeric(line: str) -> bool:
    chars = [c for word in words_of(line) for c in word]
    return any(map(is_number, chars)) and not any(map(is_letter, chars))


def is_counter(line: str) -> bool:
    return len(words_of(line)) == 2 and re.fullmatch(COUNTER, line, re.IGNORECASE) is not None


def signals_of(text: str, language: str | None) -> dict[str, object]:
    words, lines, paragraphs = words_of(text), lines_of(text), paragraphs_of(text)
    chars = len(text)
    spoken = [word for word in words if any(is_letter(c) or is_number(c) for c in word)]
    kinds = {
        "upper": list(filter(is_upper, lines)),
        "number": list(filter(is_numeric, lines)),
        "counter": list(filter(is_counter, lines)),
        "one_word": [line for line in lines if len(words_of(line)) == 1],
    }
    flagged = [line for line in lines if any(line in found for found in kinds.values())]
    kept = list(filter(c4_keeps, lines))
    return {
        "q_chars": chars,
        "q_words": len(words),
        "q_lines": len(lines),
        "q_paragraphs": len(paragraphs),
        "q_sentences": sum(map(sentences_of, lines)),
        "q_mean_word_length": share(sum(map(len, spoken)), len(spoken)),
        "q_longest_word": max(map(len, words), default=0),
        "q_alpha_words": share(sum(any(map(is_letter, word)) for word in words), len(words)),
        "q_stop_words": len(STOP_WORDS[language] & set(words)) if language in STOP_WORDS else None,
        "q_hashes": text.count("#"),
        "q_ellipses": text.count("...") + text.count("…"),
        "q_bullet_lines": share(sum(line[0] in BULLETS for line in lines), len(lines)),
        "q_ellipsis_lines": share(sum(map(trails, lines)), len(lines)),
        "q_dup_lines": share(len(repeated(lines)), len(lines)),
        "q_dup_line_chars": share(len("".join(repeated(lines))), chars),
        "q_dup_paragraphs": share(len(repeated(paragraphs)), len(paragraphs)),
        "q_dup_paragraph_chars": share(len("".join(repeated(paragraphs))), chars),
        **{f"q_top_{n}gram": share(top_gram(words, n), chars) for n in (2, 3, 4)},
        **{f"q_dup_{n}gram": share(repeated_grams(words, n), chars) for n in range(5, 11)},
        **{f"q_{name}_lines": share(len(found), len(lines)) for name, found in kinds.items()},
        "q_flagged_words": share(sum(len(words_of(line)) for line in flagged), len(words)),
        "q_ended_lines": share(sum(map(ended, lines)), len(lines)),
        "q_short_lines": share(sum(len(line) <= 30 for line in lines), len(lines)),
        "q_long_lines": sum(len(line) >= 200 for line in lines),
        "q_braces": text.count("{"),
        "q_lorem_ipsum": "lorem ipsum" in text.lower(),
        "q_notice_lines": sum(map(noticed, lines)),
        "q_c4_lines": share(len(kept), len(lines)),
        "q_c4_sentences": sum(map(sentences_of, kept)),
    }
