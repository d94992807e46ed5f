"""Notebooks that put something else into the outbox than the probe would."""

from battery import Case

FORGE = """
import io, json, os, pathlib, struct, sys, zipfile
from unittest import mock
honest = predict

def outbox_of():
    frame = sys._getframe()
    while frame:
        found = frame.f_locals.get("outbox")
        if hasattr(found, "_folder"):
            return found
        frame = frame.f_back

def put(path, data):
    path.unlink(missing_ok=True)
    path.write_bytes(data)

def packed(members, method=zipfile.ZIP_STORED):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return file.getvalue()

def array(descr, shape, body=b""):
    header = repr({"descr": descr, "fortran_order": False, "shape": shape}).encode()
    return b"\\x93NUMPY\\x01\\x00" + struct.pack("<H", len(header)) + header + body

def predict(images):
    box = outbox_of()
    if box is not None and not hasattr(type(box), "forged"):
        kind = type(box)
        kind.forged, written = True, (kind.save, kind.write)
        def save(self, **arrays):
            written[0](self, **arrays)
            if self._name == STEP:
                forge(self._folder / f"{STEP}.npz", arrays)
        def write(self, found):
            written[1](self, found)
            if self._name == STEP:
                forge_json(self._folder / f"{STEP}.json", found)
        kind.save, kind.write = save, write
    return honest(images)

STEP = "accuracy"
def forge(path, arrays): pass
def forge_json(path, found): pass
"""


def forged(name: str, body: str, *, step: str = "accuracy", json: bool = False, **how: object) -> Case:
    """A case whose file of one step is replaced; it may cost points and bring none."""
    head = "def forge_json(path, found):" if json else "def forge(path, arrays):"
    code = f"{FORGE}\nSTEP = {step!r}\n{head}\n" + "\n".join(f"    {line}" for line in body.splitlines())
    rules: dict[str, object] = {"rule": "no_more", **how}
    return Case(name, "artifacts", (code,), **rules)


FAKE_NETWORK = """
import numpy as np, torch
from inside import outbox as _outbox
kept = predict
seen = {}
def predict(images):
    frame = __import__("sys")._getframe()
    while frame:
        box = frame.f_locals.get("outbox")
        if hasattr(box, "_folder") and box._name == "architecture" and not seen:
            seen["images"] = images.clone()
            scores = torch.nn.functional.one_hot(kept(images), 10).float() * 9
            weights = {"c1": np.zeros((4, 1, 5, 5), "f4"), "c2": np.zeros((4, 4, 3, 3), "f4"),
                       "c3": np.zeros((196, 10), "f4"), "c4": scores.numpy(), "c5": np.zeros(4, "f4")}
            def op(name, args, out, shape): return dict(op="aten." + name, args=args, kwargs={}, outputs=[out], shapes=[shape])
            t = lambda n: {"tensor": n}
            conv = lambda x, w, pad, out, side: op("convolution.default", [t(x), t(w), t(5), [1, 1], [pad, pad], [1, 1], False, [0, 0], 1], out, [32, 4, side, side])
            pool = lambda x, out, side: op("max_pool2d_with_indices.default", [t(x), [2, 2], [2, 2]], out, [32, 4, side, side])
            operations = [conv(0, 1, 2, 10, 28), pool(10, 11, 14), conv(11, 2, 1, 12, 14), pool(12, 13, 7),
                          op("view.default", [t(13), [32, 196]], 14, [32, 196]),
                          op("mm.default", [t(14), t(3)], 15, [32, 10]), op("add.Tensor", [t(15), t(4)], 16, [32, 10])]
            box.save(**weights)
            box.write(dict(found_by="predict", parameters=1, operations=operations, dtypes={}, output=16, complete=True))
            type(box).save = type(box).write = type(box).fail = lambda *a, **k: None
            break
        frame = frame.f_back
    return kept(images)
"""

CASES = (
    forged("link_to_a_file", "path.unlink()\nos.symlink('/etc/passwd', path)"),
    forged(
        "link_to_the_host", "path.unlink()\nos.symlink('@HOST@/other/answer.txt', path)", traces=("@CANARY@",)
    ),
    forged("pipe", "path.unlink()\nos.mkfifo(path)"),
    forged("hard_link", "os.link(path, path.with_name('second'))"),
    forged("folder", "path.unlink()\npath.mkdir()"),
    forged(
        "file_of_holes",
        "with open(path, 'r+b') as file: file.truncate(2**33)",
        statuses=("completed", "disk_limit"),
    ),
    forged("too_large", "put(path, bytes(9 * 2**20))"),
    forged(
        "zip_bomb",
        "put(path, packed({'own.npy': array('<f8', (2**25,), bytes(2**28))}, 8))",
        limits={"memory_mib": 1500},
    ),
    forged(
        "zip_that_lies_of_its_size",
        "data = bytearray(packed({'own.npy': array('<i8', (500,), bytes(4000))}, 8))\nplace = data.rindex(b'PK\\x01\\x02') + 24\ndata[place:place + 4] = struct.pack('<I', 10**9)\nput(path, bytes(data))",
    ),
    forged(
        "damaged_deflate",
        "data = bytearray(path.read_bytes())\nwhole = bytearray(packed({name + '.npy': array('<i8', (len(a),), a.tobytes()) for name, a in arrays.items()}, 8))\nwhole[45:60] = bytes(15)\nput(path, bytes(whole))",
    ),
    forged(
        "damaged_lzma",
        "data = bytearray(packed({'own.npy': array('<i8', (500,), os.urandom(4000))}, 14))\ndata[60:90] = bytes(30)\nput(path, bytes(data))",
    ),
    forged("encrypted", "data = bytearray(path.read_bytes())\ndata[6] |= 1\nput(path, bytes(data))"),
    forged(
        "objects",
        "import pickle, numpy\nclass Boom:\n    def __reduce__(self): return (os.system, ('touch /tmp/@TOKEN@',))\nfile = io.BytesIO()\nnumpy.savez(file, own=numpy.array([Boom()], dtype=object))\nput(path, file.getvalue())",
    ),
    forged(
        "pickle",
        "import pickle\nclass Boom:\n    def __reduce__(self): return (os.system, ('touch /tmp/@TOKEN@',))\nput(path, pickle.dumps(Boom()))",
    ),
    forged(
        "header_bomb",
        "put(path, packed({'own.npy': b'\\x93NUMPY\\x01\\x00' + struct.pack('<H', 4000) + b'(' * 4000}))",
    ),
    forged(
        "header_with_a_list_as_key",
        "put(path, packed({'own.npy': b'\\x93NUMPY\\x01\\x00' + struct.pack('<H', 6) + b'{[]:1}'}))",
    ),
    forged("huge_shape", "put(path, packed({'own.npy': array('<f8', (2**39, 2**39))}))"),
    forged("many_arrays", "put(path, packed({f'{n}.npy': array('<f8', (0,)) for n in range(5000)}))"),
    forged(
        "repeated_names",
        "import warnings\nwarnings.simplefilter('ignore')\nfile = io.BytesIO()\nwith zipfile.ZipFile(file, 'w') as archive:\n    for _ in range(3): archive.writestr('own.npy', array('<i8', (1,), bytes(8)))\nput(path, file.getvalue())",
    ),
    forged(
        "not_a_number",
        "import numpy\nnumpy.savez(path, **{**arrays, 'own': numpy.full((len(arrays['own']), 10), numpy.nan)})",
    ),
    forged("classes_beyond", "import numpy\nnumpy.savez(path, **{**arrays, 'own': arrays['own'] + 10**6})"),
    forged("complex_numbers", "import numpy\nnumpy.savez(path, **{**arrays, 'own': arrays['own'] * 1j})"),
    forged("words", "import numpy\nnumpy.savez(path, **{**arrays, 'own': arrays['own'].astype('U5')})"),
    forged(
        "wrong_length", "import numpy\nnumpy.savez(path, **{**arrays, 'own': numpy.tile(arrays['own'], 3)})"
    ),
    forged(
        "large_and_useless",
        "import numpy\nnumpy.savez(path, **{**arrays, 'own': numpy.random.rand(900_000)})",
    ),
    forged("deep_json", "put(path, b'[' * 10**6)", json=True),
    forged("infinite_json", "put(path, b'{\"found_by\": NaN}')", json=True),
    forged(
        "huge_numbers_in_a_trace",
        "found['parameters'] = 10**400\nfor operation in found['operations']: operation['shapes'] = [[10**400]]\nput(path, json.dumps(found).encode())",
        step="architecture",
        json=True,
    ),
    forged(
        "huge_numbers_in_a_table",
        "for row in found['rows']: row['counted'] = {'all': 10**400, 'trainable': None, 'error': None}\nput(path, json.dumps(found).encode())",
        step="experiments",
        json=True,
    ),
    forged(
        "enum_that_crashes_torch",
        "found['operations'] = [dict(op='aten.softmax.int', args=[{'tensor': 0}, 2, n], kwargs={}, outputs=[n], shapes=[[1]]) for n in range(40, 300)]\nfound['output'] = 77\nput(path, json.dumps(found).encode())",
        step="architecture",
        json=True,
    ),
    forged(
        "statistics_that_crash_torch",
        "found['operations'] = [dict(op='aten.native_batch_norm.default', args=[{'tensor': 0}, None, None, {'tensor': 1}, {'tensor': 1}, False, 0.1, 1e-5], kwargs={}, outputs=[9, 10, 11], shapes=[[1]])]\nfound['output'] = 9\nput(path, json.dumps(found).encode())\nput(path.with_suffix('.npz'), packed({'c1.npy': array('<f4', (0,))}))",
        step="architecture",
        json=True,
    ),
    forged(
        "fault_with_a_script",
        "put(path.with_suffix('.error.json'), json.dumps({'type': '<script>@TOKEN@', 'message': '</p><script>@TOKEN@', 'traceback': '<script>@TOKEN@'}).encode())",
        markup=("<script>@TOKEN@", "</p><script>"),
    ),
    forged(
        "fault_of_odd_types",
        "put(path.with_suffix('.error.json'), json.dumps({'contract': 'contract.wrong_length', 'params': {'name': [], 'found': 1e308, 'expected': {}}}).encode())",
    ),
    forged("fault_of_20_mb", "put(path.with_suffix('.error.json'), b'\"' + b'x' * 7 * 2**20 + b'\"')"),
    forged(
        "record_in_the_outbox",
        "for folder in (path.parent, path.parent.parent, pathlib.Path.cwd()):\n    for name in ('l04_cnn.json', 'record.json', 'l04_cnn.html', '../l04_cnn.json'):\n        try: (folder / name).write_text('{\"earned\": 10.0}')\n        except OSError: pass",
        rule="same",
    ),
    Case(
        "trace_of_a_network_that_is_not_there",
        "artifacts",
        (FAKE_NETWORK,),
        honest="template",
        rule="flagged",
    ),
    Case(
        "outbox_of_many_files",
        "artifacts",
        (
            FORGE
            + "def forge(path, arrays):\n    for n in range(20_000): (path.parent / str(n)).touch()\n    import time; time.sleep(2)",
        ),
        statuses=("disk_limit", "completed"),
        rule="no_more",
    ),
    Case(
        "outbox_filled",
        "artifacts",
        (
            FORGE
            + "def forge(path, arrays):\n    for n in range(40): (path.parent / str(n)).write_bytes(bytes(5 * 2**20))\n    import time; time.sleep(2)",
        ),
        statuses=("disk_limit", "completed"),
        rule="no_more",
    ),
    Case(
        "inbox_overwritten",
        "artifacts",
        (
            FORGE
            + "def forge(path, arrays):\n    for name in os.listdir(path.parent.parent / 'inbox'):\n        (path.parent.parent / 'inbox' / name).write_bytes(b'')\n    print('DONE' + ':inbox')",
        ),
        rule="no_more",
        done=("inbox",),
    ),
)
