"""What the stand-ins share: a subset of Spectre's language on top of ngspice.

Statements: simulator lang=spectre, global, parameters, include (with section),
subckt/ends, options (temp), save, instances of resistor, capacitor, inductor,
vsource, isource, of sub-circuits and of models, and the analyses dc, ac, tran,
noise, info. Anything else is an error, as it would be for the real program.
"""
import os
import pathlib
import re
import struct
import subprocess

ANALYSES = ("dc", "ac", "tran", "noise", "info")
QUANTITIES = {"ids": "id", "vgs": "vgs", "vds": "vds", "vbs": "vbs", "vth": "vth", "vdsat": "vdsat",
              "gm": "gm", "gds": "gds", "gmbs": "gmbs"}
UNITS = {"ids": "A", "gm": "S", "gds": "S", "gmbs": "S"}


class Failure(Exception):
    """A fatal error in Spectre's words."""


def statements(text):
    """(words as written, line number) of each statement, without comments."""
    joined, number = [], 0
    for line in text.split("\n"):
        number += 1
        plain = line.split("//")[0].rstrip()
        if plain.lstrip().startswith("*"):
            continue
        if joined and (plain.lstrip().startswith("+") or joined[-1][0].endswith("\\")):
            last = joined[-1][0].rstrip("\\")
            joined[-1] = (last + " " + plain.lstrip().lstrip("+"), joined[-1][1])
        elif plain.strip():
            joined.append((plain.strip(), number))
    return joined


def pairs(text):
    """name=value pairs; a value goes on to the next name=."""
    found = list(re.finditer(r"(?<![\w.=<>!])([A-Za-z_]\w*)\s*=(?!=)", text))
    out = []
    for i, m in enumerate(found):
        end = found[i + 1].start() if i + 1 < len(found) else len(text)
        out.append((m[1], text[m.end():end].strip()))
    return out


def number_words(expr):
    """Spectre's M, G, T, K as ngspice spells them; the rest is the same."""
    big = {"M": "meg", "G": "g", "T": "t", "K": "k"}
    return re.sub(r"(?<![\w.])(\d+\.?\d*(?:[eE][-+]?\d+)?)([MGTK])\b", lambda m: m[1] + big[m[2]], expr)


def value(expr):
    expr = number_words(expr).strip('"')
    return expr if re.fullmatch(r"[-+]?[\d.]+(e[-+]?\d+)?[a-z]*", expr, re.I) else "{" + expr + "}"


class Netlist:
    """A netlist read from a file; `deck()` is the same circuit for ngspice."""

    def __init__(self, path):
        self.folder = pathlib.Path(path).resolve().parent
        self.cards, self.analyses, self.saves, self.subckts = [], [], [], {}
        self.devices = {}  # sub-circuit or "": [(name, ngspice's, letter, master)]
        self.nets = {}  # ngspice's name -> ours, of the top
        self.inside, self.temp, self.text = "", None, ""
        self.library_subckts = set()
        for text, line in statements(pathlib.Path(path).read_text()):
            self.take(text, line)
        if self.inside:
            raise Failure(f"ERROR (SFE-30): \"{path}\": subckt `{self.inside}' has no `ends'")

    def take(self, text, line):
        first = text.split()[0]
        handler = getattr(self, "on_" + first, None)
        if handler:
            handler(text[len(first):].strip(), line)
            return
        m = re.match(r"([\w$]+)\s*(?:\(([^)]*)\))?\s*(\w+)\s*(.*)$", text)
        if not m:
            raise Failure(f"ERROR (SFE-874): \"input.scs\" {line}: cannot read `{text}'")
        name, nodes, master, rest = m[1], (m[2] or "").split(), m[3], m[4]
        if master == "options":
            for key, v in pairs(rest):
                self.temp = v if key == "temp" else self.temp
        elif master in ANALYSES:
            self.analyses.append({"name": name, "type": master, "nodes": nodes, "args": dict(pairs(rest))})
        else:
            self.instance(name, nodes, master, rest, line)

    def on_simulator(self, rest, line):
        if "lang" in rest and "spectre" not in rest:
            raise Failure(f"ERROR (SFE-874): \"input.scs\" {line}: the stand-in reads lang=spectre only")

    def on_global(self, rest, line):
        pass

    def on_parameters(self, rest, line):
        for key, expr in pairs(rest):
            self.cards.append(f".param {key}={value(expr)}")

    def on_include(self, rest, line):
        m = re.fullmatch(r'"([^"]+)"\s*(?:section\s*=\s*([\w-]*))?', rest)
        path = self.folder / m[1]
        if not path.exists():
            raise Failure(f"ERROR (SFE-868): \"input.scs\" {line}: Cannot open input file `{m[1]}'.")
        text = path.read_text(errors="replace")
        if "section" in rest and not re.search(rf"(?im)^\s*\.lib\s+{re.escape(m[2] or '-')}\s*$", text):
            raise Failure(f"ERROR (SFE-675): \"{path}\": section `{m[2] or ''}' was not found in the library.")
        self.library_subckts |= {w.lower() for w in re.findall(r"(?im)^\s*\.subckt\s+(\S+)", text)}
        self.cards.append(f'.lib "{path}" {m[2]}' if m[2] else f'.include "{path}"')

    def on_subckt(self, rest, line):
        m = re.match(r"(\w+)\s*\(?([^)]*)\)?", rest)
        self.inside = m[1]
        self.subckts[m[1]] = m[2].split()
        self.cards.append(f".subckt {m[1]} {' '.join(m[2].split())}")

    def on_ends(self, rest, line):
        self.inside = ""
        self.cards.append(".ends")

    def on_save(self, rest, line):
        self.saves += [re.sub(r"\\(.)", r"\1", w) for w in rest.split()]

    def instance(self, name, nodes, master, rest, line):
        args = dict(pairs(rest))
        simple = {"resistor": ("r", "r"), "capacitor": ("c", "c"), "inductor": ("l", "l")}
        if master in simple:
            letter, key = simple[master]
            card = f"{' '.join(nodes)} {value(args.pop(key))}"
        elif master in ("vsource", "isource"):
            letter, card = master[0], f"{' '.join(nodes)} {source(args)}"
            args = {}
        else:
            known = master in self.subckts or master.lower() in self.library_subckts
            letter = "x" if known else "m"
            card = f"{' '.join(nodes)} {master}"
        card = " ".join([card] + [f"{k}={value(v)}" for k, v in args.items()])
        spice = name if name[0].lower() == letter else letter + name
        if not self.inside:
            self.nets.update({net.lower(): net for net in nodes})
        self.devices.setdefault(self.inside, []).append((name, spice, letter, master))
        self.cards.append(f"{spice} {card}")

    def transistors(self, where="", path="", spice_path=""):
        """(Spectre's name, ngspice's name) of each transistor of a model."""
        for name, spice, letter, master in self.devices.get(where, []):
            if letter == "m":
                flat = f"m.{spice_path}{spice}" if spice_path else spice
                yield path + name, flat.lower()
            elif letter == "x" and master in self.subckts:
                yield from self.transistors(master, path + name + ".", spice_path + spice.lower() + ".")

    def names(self):
        """ngspice's vector -> Spectre's signal, for nets and sources."""
        out = dict(self.nets)
        for name, spice, letter, master in self.devices.get("", []):
            if letter == "v":
                out[f"{spice.lower()}#branch"] = name + ":p"
            if letter == "x":
                out[spice.lower() + "."] = name + "."
        return out

    def deck(self, cards):
        temp = [f".temp {self.temp}"] if self.temp else []
        return "\n".join(["stand-in"] + self.cards + temp + cards + [".end", ""])


def source(args):
    words = ["dc", value(args.get("dc", "0"))] if "dc" in args or "type" not in args else []
    if "mag" in args:
        words += ["ac", value(args["mag"])] + ([value(args["phase"])] if "phase" in args else [])
    kind = args.get("type", "dc")
    if kind == "pulse":
        order = ("val0", "val1", "delay", "rise", "fall", "width", "period")
        words.append("pulse(" + " ".join(value(args[k]) for k in order if k in args) + ")")
    elif kind == "sine":
        order = ("sinedc", "ampl", "freq", "delay")
        words.append("sin(" + " ".join(value(args.get(k, "0")) for k in order) + ")")
    elif kind != "dc":
        raise Failure(f"ERROR (SFE-30): the stand-in has no source of type `{kind}'")
    return " ".join(words)


# ---- ngspice -----------------------------------------------------------------

def read_raw(path):
    """[(plot name, {vector: [values]}, names in order)] of a binary raw file."""
    data, at, plots = pathlib.Path(path).read_bytes(), 0, []
    while at < len(data):
        end = data.find(b"Binary:\n", at)
        if end < 0:
            break
        head = data[at:end].decode("latin-1").split("\n")
        field = {k.strip(): v.strip() for k, _, v in (h.partition(":") for h in head)}
        n, points = int(field["No. Variables"]), int(field["No. Points"])
        names = [h.split()[1] for h in head[head.index("Variables:") + 1:] if h.strip()][:n]
        each = 2 if field["Flags"].startswith("complex") else 1
        at = end + len(b"Binary:\n")
        count = n * points * each
        values = struct.unpack_from(f"<{count}d", data, at)
        at += 8 * count
        if points == 0:
            continue
        rows = [values[i * each::n * each] if each == 1 else
                [complex(a, b) for a, b in zip(values[i * 2::n * 2], values[i * 2 + 1::n * 2])] for i in range(n)]
        plots.append((field["Plotname"], dict(zip(names, rows)), names))
    return plots


def ngspice(netlist, cards, folder):
    (folder / "deck.cir").write_text(netlist.deck(cards))
    raw = folder / "out.raw"
    raw.unlink(missing_ok=True)
    done = subprocess.run(["ngspice", "-n", "-b", "-D", "ng_nomodcheck=1", "-r", "out.raw", "deck.cir"],
                          cwd=folder, capture_output=True, text=True, stdin=subprocess.DEVNULL,
                          env=dict(os.environ, OMP_THREAD_LIMIT="1"))
    plots = read_raw(raw) if raw.exists() else []
    if not plots and re.search(r"singular matrix|convergence|timestep too small|aborted", done.stderr, re.I):
        raise Failure("ERROR (SPECTRE-16080): No DC solution found (no convergence).\n"
                      "The values for those nodes that did not converge on the last Newton iteration are given.")
    if not plots:
        detail = next((w for w in done.stderr.split("\n") if "rror" in w), "ngspice gave no results")
        raise Failure(f"ERROR (SFE-23): \"input.scs\": {detail.strip()}")
    return plots


def signals(netlist, vectors, names):
    """[(Spectre's name, unit, values)]; the sweep is not among them."""
    known, out = netlist.names(), []
    for name in names:
        plain = re.sub(r"^v\((.*)\)$", r"\1", re.sub(r"^i\((.*)\)$", r"\1#branch", name))
        if plain in ("time", "frequency") or plain.startswith("@") or plain.endswith("-sweep"):
            continue
        head, dot, tail = plain.partition(".")
        shown = known.get(head + ".", head + ".") + tail if dot else known.get(plain, plain)
        out.append((shown, "A" if plain.endswith("#branch") else "V", vectors[name]))
    return out


def operating_point(netlist, folder):
    """(signals, {device: {quantity: value}})"""
    found = list(netlist.transistors())
    saves = [f"@{flat}[{q}]" for _, flat in found for q in QUANTITIES.values()]
    cards = [".save all " + " ".join(saves)] if saves else []
    _, vectors, names = ngspice(netlist, [".op"] + cards, folder)[-1]
    devices = {}
    for name, flat in found:
        at = {}
        for q, own in QUANTITIES.items():
            key = next((k for k in (f"@{flat}[{own}]", f"i(@{flat}[{own}])", f"v(@{flat}[{own}])") if k in vectors), None)
            if key:
                at[q] = vectors[key][0]
        devices[name] = at
    return signals(netlist, vectors, names), devices


def number(netlist, args, key, default):
    return str(args.get(key, default))


def swept(netlist, analysis, folder):
    """(sweep's name, its unit, values, signals) of an ac, tran, noise or dc."""
    a, kind = analysis["args"], analysis["type"]
    if kind == "ac":
        way = next(k for k in ("dec", "oct", "lin") if k in a)
        card = f".ac {way} {a[way]} {a['start']} {a['stop']}"
    elif kind == "tran":
        step, skip = a.get("step", a.get("maxstep", "1n")), " uic" if a.get("skipdc") == "yes" else ""
        card = f".tran {step} {a['stop']} {a.get('outputstart', '0')} {a.get('maxstep', step)}{skip}"
    elif kind == "noise":
        way = next(k for k in ("dec", "oct", "lin") if k in a)
        card = f".noise v({analysis['nodes'][0]}) {a['iprobe']} {way} {a[way]} {a['start']} {a['stop']}"
    else:
        card = f".dc {a['dev']} {a['start']} {a['stop']} {a['step']}"
    plots = ngspice(netlist, [card], folder)
    title = {"ac": "AC", "tran": "Transient", "noise": "Noise Spectral", "dc": "DC transfer"}[kind]
    _, vectors, names = next(p for p in plots if p[0].startswith(title))
    x = vectors[names[0]]
    x = [v.real for v in x] if isinstance(x[0], complex) else list(x)
    sweep = {"ac": ("freq", "Hz"), "tran": ("time", "s"), "noise": ("freq", "Hz"), "dc": ("dc", "V")}[kind]
    if kind == "noise":
        return *sweep, x, [("out", "V/sqrt(Hz)", vectors["onoise_spectrum"])]
    return *sweep, x, signals(netlist, vectors, names[1:])
