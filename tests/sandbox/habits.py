"""Notebooks in the manner of Colab's: habits that are served, and cells that ask for what is not there."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Habit:
    """A notebook with a habit that the sandbox serves."""

    name: str
    cells: tuple[str, ...]
    says: str
    """What its last cell prints."""


HONEST = (
    Habit(
        "installs_what_is_there",
        (
            "!pip install -q torch numpy>=1.20 'scikit-learn[all]'\n%pip install --upgrade torch",
            "import subprocess, sys\n"
            "subprocess.check_call([sys.executable, '-m', 'pip', 'install', '-q', 'torch'])\n"
            "import torch, numpy as np\nprint(torch.ones(2).sum().item())",
        ),
        "2.0",
    ),
    Habit(
        "requirements_file",
        (
            "%%writefile requirements.txt\n# needed\ntorch\nnumpy>=1.0\n",
            "!pip install -r requirements.txt && echo installed",
        ),
        "installed",
    ),
    Habit(
        "conda_and_apt",
        (
            "!conda install -y -c pytorch pytorch\n"
            "!apt-get update -qq && apt-get install -qq -y bash && echo there",
        ),
        "there",
    ),
    Habit(
        "mounts_the_drive",
        (
            "from google.colab import drive\ndrive.mount('/content/drive', force_remount=True)",
            "import os\nbase = '/content/drive/MyDrive/Colab Notebooks/hw5'\n"
            "print(sorted(os.listdir(base)))\n"
            "print(open(os.path.join(base, 'marks.csv')).read().split()[1])",
        ),
        "7",
    ),
    Habit(
        "saves_to_the_drive",
        (
            "from google.colab import drive\ndrive.mount('/content/gdrive')",
            "path = '/content/gdrive/My Drive/nets/cnn/best.txt'\nopen(path, 'w').write('weights')\n"
            "!cat '/content/gdrive/My Drive/nets/cnn/best.txt'",
        ),
        "weights",
    ),
    Habit(
        "imports_from_the_drive",
        (
            "import sys\nfrom google.colab import drive\ndrive.mount('/content/drive')\n"
            "sys.path.append('/content/drive/MyDrive/course')",
            "%cd /content/drive/MyDrive/course\nimport helper\nprint(helper.FACTOR)",
        ),
        "3",
    ),
    Habit(
        "works_in_content",
        (
            "%cd /content\n!mkdir -p /content/models /content/sample_data/mine",
            "open('/content/models/a.txt', 'w').write('abc')\nprint(open('models/a.txt').read())",
        ),
        "abc",
    ),
    Habit(
        "uploads",
        (
            "from google.colab import files\nimport io\nuploaded = files.upload()\n"
            "for name in uploaded:\n    print(name, len(uploaded[name]))\n"
            "print(io.BytesIO(uploaded['marks.csv']).read().decode().split()[1])\nfiles.download('marks.csv')",
        ),
        "7",
    ),
    Habit(
        "small_things_of_colab",
        (
            "%tensorflow_version 2.x\n%load_ext google.colab.data_table\n"
            "from google.colab import auth, output, runtime, userdata\n"
            "from google.colab.patches import cv2_imshow\n"
            "auth.authenticate_user()\noutput.clear()\noutput.enable_custom_widget_manager()\n"
            "import google.colab, sys\nruntime.unassign()",
            "%%shell\necho a shell",
        ),
        "a shell",
    ),
    Habit(
        "wget_and_unzip",
        (
            "!wget -q --no-check-certificate https://data.example.org/cells.zip -O cells.zip",
            "!unzip -q -o cells.zip -d pictures && cat pictures/cells/b.txt",
        ),
        "two",
    ),
    Habit(
        "wget_from_drive",
        (
            "!wget --no-check-certificate -O rain.csv "
            "'https://docs.google.com/uc?export=download&id=1RainOfTheYear'",
            "!echo https://data.example.org/sets/rain.csv > list.txt; rm rain.csv; wget -q -i list.txt\n"
            "print(open('rain.csv').read().split()[-1])",
        ),
        "2,2.0",
    ),
    Habit(
        "curl_two_ways",
        (
            "!curl -sLO https://data.example.org/sets/rain.csv\n!mkdir -p raw\n"
            "!curl -L --output raw/rain.csv 'http://old.example.org/rain.csv?version=2'",
            "!cmp rain.csv raw/rain.csv && echo the same",
        ),
        "the same",
    ),
    Habit(
        "gdown_three_ways",
        (
            "!gdown 1RainOfTheYear\n!gdown --id 1RainOfTheYear -O b.csv\n"
            "!gdown --fuzzy 'https://drive.google.com/file/d/1RainOfTheYear/view?usp=sharing' -O c.csv",
            "import gdown\ngdown.download(id='1RainOfTheYear', output='d.csv', quiet=True)\n"
            "gdown.download('https://drive.google.com/uc?id=1RainOfTheYear', 'f/', quiet=True)\n"
            "gdown.cached_download('https://drive.google.com/uc?id=1RainOfTheYear', path='e.csv')",
            "!cat rain.csv b.csv c.csv d.csv e.csv f/rain.csv | grep -c rain",
        ),
        "6",
    ),
    Habit(
        "urllib_with_an_opener",
        (
            "import urllib.request\nopener = urllib.request.build_opener()\n"
            "opener.addheaders = [('User-agent', 'Mozilla/5.0')]\nurllib.request.install_opener(opener)\n"
            "urllib.request.urlretrieve('https://data.example.org/sets/rain.csv', 'r.csv')",
            "with urllib.request.urlopen('http://data.example.org/sets/rain.csv') as answer:\n"
            "    print(answer.status, answer.read().decode().split()[1])",
        ),
        "200 1,0.5",
    ),
    Habit(
        "pandas_reads_an_address",
        (
            "import pandas as pd\nframe = pd.read_csv('https://data.example.org/sets/rain.csv')",
            "print(frame.rain.sum())",
        ),
        "2.5",
    ),
    Habit(
        "requests_in_pieces",
        (
            "import requests, urllib3\nhead = requests.head('https://data.example.org/cells.zip')\n"
            "assert int(head.headers['Content-Length']) and not head.content\n"
            "assert b'rain' in urllib3.request('GET', 'https://data.example.org/sets/rain.csv').data\n"
            "answer = requests.get('https://data.example.org/cells.zip', stream=True)\n"
            "answer.raise_for_status()\nwith open('c.zip', 'wb') as file:\n"
            "    for piece in answer.iter_content(1024):\n        file.write(piece)",
            "import zipfile\nprint(zipfile.ZipFile('c.zip').read('cells/a.txt').decode())",
        ),
        "one",
    ),
    Habit(
        "torchvision_downloads",
        (
            "from torchvision.datasets.utils import download_and_extract_archive\n"
            "download_and_extract_archive('https://data.example.org/cells.zip', './data')",
            "assert open('data/train.csv').read()\nprint(open('data/cells/a.txt').read())",
        ),
        "one",
    ),
    Habit(
        "clones_code",
        (
            "!git clone -q https://github.com/someone/toolbox.git",
            "import sys\nsys.path.append('toolbox')\nimport toolbox\nprint(toolbox.answer())",
        ),
        "42",
    ),
    Habit(
        "a_script_downloads",
        (
            "%%writefile fetch.py\nimport urllib.request\n"
            "print(urllib.request.urlopen('https://data.example.org/sets/rain.csv').read().decode().split()[1])",
            "!python fetch.py",
        ),
        "1,0.5",
    ),
)

REFUSED = (
    ("!pip install -q torchvista", ("package", "torchvista")),
    (
        "%pip install git+https://github.com/someone/else.git",
        ("package", "git+https://github.com/someone/else.git"),
    ),
    ("!python -m pip install torch==0.4", ("version", "torch==0.4")),
    ("!conda install -c conda-forge rdkit", ("package", "rdkit")),
    ("!apt-get install -y fluidsynth", ("package", "fluidsynth")),
    ("!wget https://nowhere.example.org/x.csv", ("url", "https://nowhere.example.org/x.csv")),
    ("!curl -O https://nowhere.example.org/x.csv", ("url", "https://nowhere.example.org/x.csv")),
    ("!gdown 1NobodyKnows", ("url", "https://drive.google.com/uc?id=1NobodyKnows")),
    ("!git clone https://github.com/someone/secret", ("url", "https://github.com/someone/secret")),
    ("!kaggle competitions download -c titanic", ("url", "kaggle:titanic")),
    ("import kagglehub\nkagglehub.dataset_download('a/b')", ("url", "kaggle:a/b")),
    (
        "import urllib.request as u\nu.urlretrieve('https://n.example.org/a', 'a')",
        ("url", "https://n.example.org/a"),
    ),
    ("import requests\nrequests.get('https://n.example.org/a')", ("url", "https://n.example.org/a")),
    (
        "import urllib3\n"
        "urllib3.request('GET', 'https://n.example.org/b', retries=urllib3.Retry(9, backoff_factor=9))",
        ("url", "https://n.example.org/b"),
    ),
    ("import socket\nsocket.create_connection(('n.example.org', 443))", ("url", "n.example.org:443")),
    ("from google.colab import userdata\nuserdata.get('KEY')", ("secret", "KEY")),
    ("import tensorflow as tf", ("package", "tensorflow")),
    ("open('/content/sample_data/mnist_test.csv')", ("path", "/content/sample_data")),
    (
        "import torch\ntorch.hub.load_state_dict_from_url('https://d.example.org/models/net-12ab34cd.pth')",
        ("weights", "https://d.example.org/models/net-12ab34cd.pth"),
    ),
    (
        "import torchvision\ntorchvision.models.resnet18(weights='DEFAULT')",
        ("weights", "https://download.pytorch.org/models/resnet18-f37072fd.pth"),
    ),
)
"""Cells with what the host hears of each."""
