"""What the tests of SPICE OPUS scripts share."""
from program import *

OPUS = os.path.join(ROOT, "examples", "spiceopus")
WELLS = ["optimize parameter 0 @v1[dc] low 0 high 10 initial 10",
         "optimize parameter 1 @v2[dc] low 0 high 10 initial 10",
         "optimize analysis 0 op",
         "optimize implicit 0 (v(1) - 5)^2 + (v(2) - 5)^2 gt 9",
         "optimize cost v(out)"]
DIVIDER = "divider\nv1 1 0 dc 3 ac 1\nr1 1 2 1k\nr2 2 0 1k\nc1 2 0 1u\n"
HALF = {"parameter": "0 @r1[resistance] low 100 high 10k initial 5k",
        "analysis": "0 op", "implicit": "0 v(2) gt 0.1",
        "cost": "(v(2) - 2)^2", "method": "hooke_jeeves"}


def example(name):
    shutil.copy(os.path.join(OPUS, name), name)
    return name


def circuit(name):
    """An example without its script."""
    whole = read(os.path.join(OPUS, name)).decode()
    return whole[:whole.index(".control")]


def script(lines, net=None, name="t.cir"):
    """A deck of that circuit with these lines as its .control block."""
    net = circuit("analytical.cir") if net is None else net
    return write(name, net + "\n".join([".control", *lines, ".endc", ".end", ""]))


def said(lines, net=None, flags=(), status=0):
    """What the script prints, as lines; it must end with that status."""
    r = run("run", script(lines, net), *flags)
    same(r.status, status, r.out + r.err)
    return r.out.splitlines()


def numbers(lines, name):
    """What `print` and the report wrote behind `name = `, in order."""
    return [float(x.split(" = ")[1]) for x in lines
            if x.startswith(name + " = ")]


def costs(lines):
    """The lowest cost of every run reported, in order."""
    return [float(x.split(":")[1]) for x in lines
            if x.startswith("Lowest cost function value:")]


def prompt(lines, *args):
    """`trimpot spice` with these lines as its input."""
    p = subprocess.run([TRIMPOT, "spice", *args], capture_output=True,
                       timeout=120, input="\n".join([*lines, ""]).encode())
    return Result(p.returncode, text(p.stdout), text(p.stderr))


def half(**changes):
    """The lines that tune a divider to 2 V; None leaves a part out."""
    parts = {**HALF, **changes}
    order = ["parameter", "analysis", "implicit", "cost", "method"]
    return [f"optimize {k} {parts[k]}" for k in order if parts[k] is not None]
