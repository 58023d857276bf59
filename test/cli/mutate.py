"""Decks with faults: text decks cut, swapped and garbled, always the same ones
for the same seed."""
import random

WORDS = ["{", "}", "'", ".param", ".model", ".subckt", ".ends", "+", "1e400",
         "nan", "-1", "0", "=", "(", ")", ".lib", "temper", "*#shell touch X",
         ".control\nshell touch X\n.endc", ".include /etc/passwd",
         ".csparam a=1", "999999999999999999999", "x1", ".dc v1 0 1",
         ".tran 1n 1", "`touch X`", "$(touch X)"]


def cut_word(rng, lines):
    i = rng.randrange(len(lines))
    words = lines[i].split()
    if words:
        del words[rng.randrange(len(words))]
    lines[i] = " ".join(words)


def put_word(rng, lines):
    i = rng.randrange(len(lines))
    words = lines[i].split()
    words.insert(rng.randrange(len(words) + 1), rng.choice(WORDS))
    lines[i] = " ".join(words)


def cut_line(rng, lines):
    del lines[rng.randrange(len(lines))]


def cut_end(rng, lines):
    i = rng.randrange(len(lines))
    lines[i] = lines[i][:rng.randrange(len(lines[i]) + 1)]


def double_line(rng, lines):
    i = rng.randrange(len(lines))
    lines.insert(rng.randrange(len(lines)), lines[i])


def put_line(rng, lines):
    lines.insert(rng.randrange(1, len(lines) + 1), rng.choice(WORDS))


def garble(rng, lines):
    i = rng.randrange(len(lines))
    if lines[i]:
        at = rng.randrange(len(lines[i]))
        lines[i] = lines[i][:at] + chr(rng.randrange(1, 127)) + \
            lines[i][at + 1:]


KINDS = [cut_word, put_word, cut_line, cut_end, double_line, put_line, garble]


def mutated(text, seed):
    """The deck with one to four faults."""
    rng = random.Random(seed)
    lines = text.splitlines()
    for _ in range(rng.randrange(1, 5)):
        if len(lines) > 2:
            rng.choice(KINDS)(rng, lines)
    return "\n".join(lines) + "\n"
