"""Whole notebooks as students bring them from Colab: texts, set-up, data, a training loop, figures, a save.

A line `# %%` parts cells; one that begins with `## ` is Markdown.
"""

from habits import Habit


def _cells(text: str) -> tuple[str, ...]:
    return tuple(text.rstrip("\n").split("\n# %%\n"))


PICTURES = Habit(
    "pictures_from_an_address",
    _cells("""\
## Homework 4: convolutional network
Runtime → Change runtime type → GPU, then Run all.
# %%
#@title Setup { display-mode: "form" }
BATCH = 16 #@param {type:"integer"}
EPOCHS = 8 #@param
!nvidia-smi
!pip install -q torch torchvision matplotlib
# %%
%matplotlib inline
import os, random
import numpy as np
import matplotlib.pyplot as plt
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset
device = torch.device('cuda' if torch.cuda.is_available() else 'cpu')
torch.manual_seed(0); random.seed(0); np.random.seed(0)
# %%
## Data
Bars that lie and bars that stand, 8 × 8 pixels.
# %%
if not os.path.exists('/content/bars.npz'):
    !wget -q --show-progress https://data.example.org/bars.npz -O /content/bars.npz
bars = np.load('/content/bars.npz')
X = torch.tensor(bars['X'])[:, None]
y = torch.tensor(bars['y'])
train_loader = DataLoader(TensorDataset(X[:96], y[:96]), batch_size=BATCH, shuffle=True)
X.shape
# %%
fig, axes = plt.subplots(1, 4, figsize=(8, 2))
for ax, picture, label in zip(axes, X, y):
    ax.imshow(picture[0], cmap='gray'); ax.set_title(int(label)); ax.axis('off')
plt.show()
# %%
## Model
# %%
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(nn.Conv2d(1, 8, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2))
        self.head = nn.Linear(8 * 4 * 4, 2)
    def forward(self, x):
        return self.head(self.features(x).flatten(1))
net = Net().to(device)
print(sum(p.numel() for p in net.parameters()), 'parameters')
# %%
%%time
optimizer = torch.optim.Adam(net.parameters(), lr=1e-2)
losses = []
for epoch in range(EPOCHS):
    net.train()
    for xb, yb in train_loader:
        xb, yb = xb.to(device), yb.to(device)
        loss = nn.functional.cross_entropy(net(xb), yb)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    losses.append(loss.item())
    print(f'epoch {epoch + 1}: {loss.item():.3f}')
# %%
plt.plot(losses)
plt.xlabel('epoch')
plt.savefig('/content/loss.png')
torch.save(net.state_dict(), '/content/net.pt')
from google.colab import files
files.download('/content/net.pt')
# %%
net.load_state_dict(torch.load('/content/net.pt'))
net.eval()
with torch.no_grad():
    accuracy = (net(X[96:]).argmax(1) == y[96:]).float().mean().item()
print('good' if accuracy > 0.8 else accuracy)
"""),
    "good",
)
SERIES = Habit(
    "a_series_from_the_drive",
    _cells("""\
## Forecasting with an LSTM
The data lies on my Drive in `Colab Notebooks/lstm`.
# %%
from google.colab import drive
drive.mount('/content/drive')
PATH = '/content/drive/My Drive/Colab Notebooks/lstm/'
%cd $PATH
!ls
# %%
import pandas as pd
import numpy as np
import torch
import torch.nn as nn
import matplotlib.pyplot as plt
from sklearn.preprocessing import MinMaxScaler
%config InlineBackend.figure_format = 'retina'
# %%
df = pd.read_csv(PATH + 'waves.csv', parse_dates=['day'], index_col='day')
df.head()
# %%
df.plot(figsize=(8, 3), title='Waves')
plt.show()
# %%
## Windows
# %%
scaler = MinMaxScaler()
values = scaler.fit_transform(df[['height']]).astype('float32')[:, 0]
def windows(series, length=12):
    X = np.stack([series[i:i + length] for i in range(len(series) - length)])
    return torch.tensor(X)[..., None], torch.tensor(series[length:])
X, y = windows(values)
split = int(0.8 * len(X))
# %%
class Forecaster(nn.Module):
    def __init__(self, hidden=16):
        super().__init__()
        self.lstm = nn.LSTM(1, hidden, batch_first=True)
        self.out = nn.Linear(hidden, 1)
    def forward(self, x):
        return self.out(self.lstm(x)[0][:, -1])[:, 0]
torch.manual_seed(42)
model = Forecaster()
# %%
optimizer = torch.optim.Adam(model.parameters(), lr=0.02)
best = float('inf')
for epoch in range(60):
    model.train()
    loss = nn.functional.mse_loss(model(X[:split]), y[:split])
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    model.eval()
    with torch.no_grad():
        val = nn.functional.mse_loss(model(X[split:]), y[split:]).item()
    if val < best:
        best = val
        torch.save(model.state_dict(), PATH + 'best_lstm.pth')
# %%
model.load_state_dict(torch.load(PATH + 'best_lstm.pth'))
naive = ((y[split:] - X[split:, -1, 0]) ** 2).mean()
!ls -la '/content/drive/My Drive/Colab Notebooks/lstm/best_lstm.pth'
print('better than the last value' if best < naive else (best, naive.item()))
"""),
    "better than the last value",
)
SCRIPTS = Habit(
    "a_repository_and_scripts",
    _cells("""\
## Project
Our code is on GitHub; this notebook only runs it.
# %%
%%capture
!git clone https://github.com/someone/toolbox.git
!pip install -r toolbox/requirements.txt
!apt-get -qq install -y bash
# %%
import sys
sys.path.insert(0, '/content/toolbox')
from toolbox import answer
%load_ext autoreload
%autoreload 2
answer()
# %%
%%writefile /content/train.py
import argparse, json
import torch
parser = argparse.ArgumentParser()
parser.add_argument('--epochs', type=int, default=100)
parser.add_argument('--out', default='log.json')
args = parser.parse_args()
torch.manual_seed(0)
x = torch.linspace(-1, 1, 64)[:, None]
y = 3 * x + 1
net = torch.nn.Linear(1, 1)
optimizer = torch.optim.SGD(net.parameters(), lr=0.3)
history = []
for epoch in range(args.epochs):
    loss = ((net(x) - y) ** 2).mean()
    optimizer.zero_grad(); loss.backward(); optimizer.step()
    history.append(loss.item())
json.dump(history, open(args.out, 'w'))
# %%
!mkdir -p /content/logs && cd /content && python train.py --epochs 60 --out logs/run1.json
# %%
## Result
# %%
import json
history = json.load(open('/content/logs/run1.json'))
print(len(history), history[-1] < 1e-3)
"""),
    "60 True",
)
TRANSFER = _cells("""\
## Transfer learning
Fine-tune a ready network; experiments go to my own service.
# %%
!pip install -q torchvista
from google.colab import userdata
try:
    KEY = userdata.get('WANDB_API_KEY')
except userdata.SecretNotFoundError:
    KEY = None
# %%
import torch, torchvision
from torch import nn
try:
    backbone = torchvision.models.squeezenet1_1(weights='DEFAULT')
except Exception as error:
    print('no weights:', type(error).__name__)
    backbone = torchvision.models.squeezenet1_1(weights=None)
# %%
backbone.classifier = nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Conv2d(512, 2, 1), nn.Flatten())
torch.manual_seed(0)
X, y = torch.rand(8, 3, 64, 64), torch.arange(8) % 2
optimizer = torch.optim.SGD(backbone.parameters(), lr=1e-3)
for step in range(2):
    loss = nn.functional.cross_entropy(backbone(X), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
# %%
def predict(images):
    return backbone(images)
print(tuple(predict(X).shape))
""")
"""Goes on without what is not here."""
TRANSFER_REFUSED = (
    ("package", "torchvista"),
    ("secret", "WANDB_API_KEY"),
    ("weights", "https://download.pytorch.org/models/squeezenet1_1-b8a52dc0.pth"),
)
