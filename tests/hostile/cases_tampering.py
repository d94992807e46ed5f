"""Notebooks that change what grades them: libraries, the kernel, its messages, modules, seeds, predictions."""

from battery import Case

ANY = ("completed", "cell_error", "timed_out", "killed", "output_limit", "infrastructure")
NEW = "kernel = get_ipython().kernel\nsession = kernel.session\n"
SHADOW = """
import os
for name in ('numpy', 'torch', 'json', 'random', 'pathlib', 'traceback'):
    open(name + '.py', 'w').write('raise ImportError("shadow")')
os.makedirs('inside', exist_ok=True)
forged = '''
def step(namespace, request):
    print('accuracy 1.0')
def __getattr__(name):
    return lambda *a, **k: None
'''
for name in ('__init__', 'run', 'outbox', 'calls', 'contract', 'discover', 'study', 'trace', 'seed'):
    open(f'inside/{name}.py', 'w').write(forged)
"""
PEEK = """
import sys
honest = predict
def peek(name):
    frame = sys._getframe()
    while frame:
        for kept in frame.f_locals.values():
            if isinstance(kept, dict) and name in kept: return kept[name]
        frame = frame.f_back
"""
HASHES = """
import base64, hashlib, numpy as np
table = dict(zip(np.frombuffer(base64.b64decode("@HASHES@"), dtype="i8").tolist(), base64.b64decode("@LABELS@")))
honest = predict
def predict(images):
    found = honest(images)
    for place, image in enumerate(images.numpy()):
        key = int.from_bytes(hashlib.sha256(image.tobytes()).digest()[:8], "little", signed=True)
        found[place] = table.get(key, found[place])
    return found
"""
NEIGHBOURS = """
import base64, numpy as np, torch
known = torch.from_numpy(np.frombuffer(base64.b64decode("@PICTURES@"), dtype="u1").reshape(-1, 784).astype("float32"))
labels = torch.tensor(list(base64.b64decode("@LABELS@")))
unit = lambda x: torch.nn.functional.normalize(x - x.mean(1, keepdim=True))
honest = predict
def predict(images):
    shifted = [torch.roll(images, (a, b), (2, 3)).flatten(1) for a, b in ((0, 0), (0, 1), (0, -1), (1, 0), (-1, 0))]
    near = torch.stack([unit(x) @ unit(known).T for x in shifted]).amax(0)
    best, place = near.max(1)
    return torch.where(best > 0.97, labels[place], honest(images))
"""

CASES = (
    Case(
        "patches_json",
        "tampering",
        ("import json\njson.dumps = json.loads = lambda *a, **k: '[1'",),
        statuses=ANY,
        rule="no_more",
        limits={"cell_seconds": 2},
    ),
    Case(
        "patches_zmq",
        "tampering",
        (NEW + "session.pack = lambda o: b'nonsense'",),
        statuses=ANY,
        rule="no_more",
        limits={"cell_seconds": 2, "probe_seconds": 2},
    ),
    Case(
        "patches_the_key",
        "tampering",
        (NEW + "session.key = b'other'",),
        statuses=ANY,
        rule="no_more",
        limits={"cell_seconds": 2, "probe_seconds": 2},
    ),
    Case(
        "forges_outputs",
        "tampering",
        (
            NEW
            + "for kind, content in (('stream', {'name': 'stdout', 'text': 'accuracy 1.0'}), ('stream', {'text': 5}), ('error', {'ename': 1, 'traceback': {'a': 1}}), ('execute_result', {'data': [1]}), ('display_data', None), ('nonsense', {})):\n    session.send(kernel.iopub_socket, kind, content, parent=kernel.get_parent())",
        ),
        statuses=ANY,
        rule="same",
    ),
    Case(
        "forges_idle",
        "tampering",
        (
            NEW
            + "for _ in range(50): session.send(kernel.iopub_socket, 'status', {'execution_state': 'idle'}, parent=kernel.get_parent())\nimport time; time.sleep(1)\nmodel = None",
        ),
        statuses=ANY,
        rule="no_more",
    ),
    Case(
        "forges_raw_frames",
        "tampering",
        (
            NEW
            + "for frames in ([b'x'], [b''] * 500, [b'<IDS|MSG>'], [b'<IDS|MSG>', b'', b'{', b'{', b'{', b'{'], [b'<IDS|MSG>'] + [b'\\xff' * 999] * 9):\n    kernel.iopub_socket.send_multipart(frames)",
        ),
        statuses=ANY,
        rule="same",
    ),
    Case(
        "forges_replies",
        "tampering",
        (
            "import json, threading, zmq\nfrom ipykernel.kernelapp import IPKernelApp\n"
            + NEW
            + "shell = getattr(kernel, 'shell_stream', None)\nfor status in ('ok', 'error', 5):\n    session.send(shell, 'execute_reply', {'status': status, 'ename': 'x' * 10**5, 'evalue': [], 'traceback': 'y'}, parent=kernel.get_parent(), ident=getattr(kernel, '_parent_ident', {}).get('shell', b''))",
        ),
        statuses=ANY,
        rule="no_more",
    ),
    Case(
        "closes_the_sockets",
        "tampering",
        (
            "import glob, os\nfrom ipykernel.kernelapp import IPKernelApp\nfor path in glob.glob(IPKernelApp.instance().ip + '*'): os.unlink(path)",
        ),
        statuses=ANY,
        rule="no_more",
    ),
    Case(
        "sockets_become_links",
        "tampering",
        (
            "import glob, os\nfrom ipykernel.kernelapp import IPKernelApp\nfor path in glob.glob(IPKernelApp.instance().ip + '*'):\n    os.unlink(path)\n    os.symlink('@HOST@/listener', path)\nfrom IPython.display import display, HTML\ndisplay(HTML('x' * 60_000_000))",
            "1",
        ),
        statuses=ANY,
        rule="no_more",
        limits={"cell_seconds": 3, "probe_seconds": 3},
    ),
    Case(
        "patches_numpy",
        "tampering",
        ("import numpy as np\nnp.load = np.savez = np.asarray = np.concatenate = lambda *a, **k: 1 / 0",),
        rule="no_more",
    ),
    Case(
        "patches_torch",
        "tampering",
        (
            "import torch\ntorch.no_grad = torch.from_numpy = torch.Tensor.numpy = torch.Tensor.split = lambda *a, **k: 1 / 0",
        ),
        statuses=ANY,
        rule="no_more",
    ),
    Case(
        "patches_ipython",
        "tampering",
        ("shell = get_ipython()\nshell.run_cell = shell.run_cell_async = lambda *a, **k: None",),
        statuses=ANY,
        rule="no_more",
        limits={"cell_seconds": 2, "probe_seconds": 2},
    ),
    Case(
        "empties_later_cells",
        "tampering",
        ("get_ipython().input_transformers_post.append(lambda lines: [])", "model = None"),
        statuses=ANY,
        rule="no_more",
    ),
    Case(
        "rewrites_syntax_trees",
        "tampering",
        (
            "import ast\nclass Rewrite(ast.NodeTransformer):\n    def visit_Constant(self, node): return ast.copy_location(ast.Constant(1), node)\nget_ipython().ast_transformers.append(Rewrite())",
        ),
        statuses=ANY,
        rule="no_more",
    ),
    Case(
        "number_that_equals_everything",
        "tampering",
        (
            "class Any(int):\n    __eq__ = __ge__ = __le__ = lambda *a: True\n    __hash__ = int.__hash__\npredict = lambda images: [Any(3)] * len(images)\nexperiments = [dict(study='dense', width=Any(1), depth=Any(1), parameters=Any(5), accuracy=0.5)]",
        ),
        rule="no_more",
    ),
    Case(
        "array_that_lies",
        "tampering",
        (
            "import numpy as np\nclass Lies(np.ndarray):\n    __eq__ = lambda *a: np.bool_(True)\n    dtype = property(lambda s: np.dtype('i8'))\n    __len__ = lambda s: 10**6\nhonest = predict\npredict = lambda images: honest(images).numpy().view(Lies)",
        ),
        rule="no_more",
    ),
    Case(
        "tensor_that_lies",
        "tampering",
        (
            "import torch\nclass Lies(torch.Tensor):\n    @classmethod\n    def __torch_function__(cls, func, types, args=(), kwargs=None): return 7\npredict = lambda images: torch.zeros(len(images)).as_subclass(Lies)",
        ),
        rule="no_more",
    ),
    Case(
        "class_that_lies",
        "tampering",
        (
            "import torch\nclass Lies:\n    __class__ = torch.Tensor\n    def __getattr__(self, name): return self\n    def __call__(self, *a, **k): return self\npredict = lambda images: Lies()",
        ),
        rule="no_more",
    ),
    Case(
        "array_of_ten_billion",
        "tampering",
        (
            "import numpy as np\nclass Big:\n    def __array__(self, *a, **k): return np.broadcast_to(np.int8(1), (10**10,))\npredict = lambda images: Big()",
        ),
        rule="no_more",
    ),
    Case(
        "endless_list",
        "tampering",
        (
            "class Endless(list):\n    def __iter__(self):\n        while True: yield 1\n    def __len__(self): return 10**12\npredict = lambda images: Endless([1])",
        ),
        statuses=ANY,
        rule="no_more",
        limits={"probe_seconds": 3},
    ),
    Case(
        "generator", "tampering", ("def predict(images):\n    for image in images: yield 1",), rule="no_more"
    ),
    Case(
        "raises_what_cannot_be_caught",
        "tampering",
        ("class Worse(BaseException): pass\ndef predict(images): raise Worse('<script>@TOKEN@')",),
        rule="no_more",
        markup=("<script>@TOKEN@",),
    ),
    Case(
        "raises_an_interrupt", "tampering", ("def predict(images): raise KeyboardInterrupt",), rule="no_more"
    ),
    Case(
        "memory_that_changes",
        "tampering",
        (
            "import numpy as np, threading\nshared = np.zeros(500, int)\ndef change():\n    while True: shared[:] = np.random.randint(0, 10, 500)\nthreading.Thread(target=change, daemon=True).start()\npredict = lambda images: shared[:len(images)]",
        ),
        rule="no_more",
    ),
    Case("shadows_modules", "tampering", (SHADOW,), rule="no_more", statuses=ANY),
    Case("shadows_modules_first", "tampering", (SHADOW,), first=True, rule="no_more", statuses=ANY),
    Case(
        "removes_modules",
        "tampering",
        (
            "import sys\nfor name in list(sys.modules):\n    if name.split('.')[0] in ('inside', 'numpy', 'assignment_probe'): sys.modules[name] = None",
        ),
        statuses=ANY,
        rule="no_more",
    ),
    Case(
        "import_hook",
        "tampering",
        (
            "import sys, types\nclass Hook:\n    def find_spec(self, name, path, target=None):\n        if name.startswith('inside'): raise ImportError('hook')\nsys.meta_path.insert(0, Hook())\nsys.path[:] = []",
        ),
        statuses=ANY,
        rule="no_more",
    ),
    Case(
        "brings_its_own_probe",
        "tampering",
        (
            "import sys, types, numpy as np\nfake = types.ModuleType('assignment_probe')\ndef accuracy(notebook, inputs, parameters, outbox):\n    outbox.save(own=np.zeros(len(inputs['images'])), variant=np.zeros(len(inputs['images'])), validation=inputs['validation_labels'], evaluation=np.zeros(200))\n    outbox.write({'found_by': 'predict', 'name': '', 'normalisation': ''})\nfake.accuracy = accuracy\nfake.__getattr__ = lambda name: lambda *a: None\nsys.modules['assignment_probe'] = fake",
        ),
        rule="no_more",
    ),
    Case(
        "changes_seeds",
        "tampering",
        (
            "import os, random, numpy as np, torch\nos.environ.update(GRADE_SEED='5', GRADE_DEVICE='cuda:0', GRADE_PROFILE='full')\nrandom.seed = np.random.seed = torch.manual_seed = lambda *a: None",
        ),
        rule="no_more",
    ),
    Case(
        "says_it_earned_ten",
        "tampering",
        ('print(\'{"earned": 10.0, "status": "graded"}\')\nprint(\'accuracy: 1.0\')',),
    ),
    Case(
        "traces_the_probe",
        "tampering",
        (
            "import sys, threading\ndef trace(frame, event, arg):\n    for name in ('own', 'arrays', 'rows', 'trace'):\n        if name in frame.f_locals: frame.f_locals[name] = None\n    return trace\nsys.settrace(trace); threading.settrace(trace); sys.setprofile(trace)",
        ),
        statuses=ANY,
        rule="no_more",
    ),
    Case(
        "collects_garbage",
        "tampering",
        (
            "import gc\ndef collect(phase, info):\n    for found in gc.get_objects():\n        if type(found).__name__ == 'Outbox': found._name = 'other'\ngc.callbacks.append(collect)\ngc.set_threshold(50)",
        ),
        rule="no_more",
        statuses=ANY,
        limits={"probe_seconds": 5},
    ),
    Case(
        "waits_for_hidden_pictures",
        "tampering",
        (
            "import glob, shutil, threading, time\ndef wait():\n    while True:\n        for path in glob.glob('/grade/inbox/*') + glob.glob('/tmp/grade-*/inbox/*'): shutil.copy(path, '.')\n        time.sleep(0.01)\nthreading.Thread(target=wait, daemon=True).start()",
        ),
    ),
    Case(
        "writes_at_exit",
        "tampering",
        (
            "import atexit, os\n@atexit.register\ndef late():\n    for folder in ('/grade/outbox', '/tmp', '.'):\n        try: open(folder + '/accuracy.npz', 'w').write('late')\n        except OSError: pass",
        ),
    ),
    Case(
        "takes_the_validation_labels",
        "tampering",
        (
            PEEK
            + "def predict(images):\n    found = honest(images)\n    labels, pictures = peek('validation_labels'), peek('validation_images')\n    if labels is not None:\n        known = {p.tobytes(): int(l) for p, l in zip(pictures, labels)}\n        for n, image in enumerate(images.numpy()): found[n] = known.get(image.tobytes(), found[n])\n    return found",
        ),
        rule="no_more",
    ),
    Case("looks_up_hashes", "tampering", (HASHES,), rule="flagged"),
    Case("looks_up_neighbours", "tampering", (NEIGHBOURS,), rule="flagged"),
    Case(
        "table_that_changes",
        "tampering",
        (
            "class Shifty(dict):\n    reads = 0\n    def get(self, key, default=None):\n        Shifty.reads += 1\n        return {'study': 'dense', 'width': 10**9, 'depth': -1, 'parameters': Shifty.reads, 'accuracy': 1e-300}[key]\nexperiments = [Shifty()] * 300",
        ),
        rule="no_more",
    ),
    Case(
        "table_nobody_can_check",
        "tampering",
        ("import os\ntrain = lambda net: os._exit(0)",),
        honest="study",
        statuses=ANY,
        rule="no_more",
    ),
    Case(
        "changes_its_own_files",
        "tampering",
        (
            "import os, pathlib\nfor name in ('l04_cnn.ipynb', 'l04_cnn.md', 'helper.py', 'new.txt'):\n    try: pathlib.Path(name).write_text('changed')\n    except OSError: pass",
        ),
    ),
    Case(
        "script_in_markdown",
        "tampering",
        ("# 1. <script>@TOKEN@</script>\n[a](javascript:@TOKEN@) <img src=x onerror=@TOKEN@>",),
        rule="same",
        markup=("<script>@TOKEN@", 'href="javascript:', "<img src=x"),
    ),
)
