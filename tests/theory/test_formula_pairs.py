"""Wanted formulas with what students write for them: the same, and not the same."""

import pytest

from graders.model import Formula
from graders.theory.formulas import find_formulas, readable

CELL = r"c_t = f_t c_{t-1} + i_t g_t"
OUT = r"h_t = o_t \tanh(c_t)"
CHAIN = r"\frac{\partial c_{n+1}}{\partial c_k} = \prod_{i=k+1}^{n+1} f_i"
SIZE = r"(n + 2p - k)/s + 1"
SIGMOID = r"\sigma(x) = \frac{1}{1 + e^{-x}}"
SLOPE = r"\sigma'(x) = \sigma(x)(1 - \sigma(x))"
SOFTMAX = r"\frac{e^{x_i}}{\sum_{j=1}^{K} e^{x_j}}"
ENTROPY = r"L = -\sum_{i=1}^{C} y_i \ln \hat{y}_i"
MSE = r"\frac{1}{n} \sum_{i=1}^{n} (y_i - \hat{y}_i)^2"
WEIGHTS = r"k^2 \cdot C_{in} \cdot C_{out}"
LINEAR = r"W_2(W_1 x + b_1) + b_2 = (W_2 W_1) x + (W_2 b_1 + b_2)"
SAMPLE = r"z = \mu + \sigma \cdot \varepsilon"
STEP = r"w_{t+1} = w_t - \eta \frac{\partial L}{\partial w}"
RNN = r"h_t = \tanh(W_{xh} x_t + W_{hh} h_{t-1} + b)"
GAN = r"\mathbb{E}[\log D(x)] + \mathbb{E}[\log(1 - D(G(z)))]"
DICE = r"\frac{2TP}{2TP + FP + FN}"
F1 = r"F_1 = \frac{2 P R}{P + R}"
IOU = r"\frac{|A \cap B|}{|A \cup B|}"
ATTENTION = r"\mathrm{softmax}\left(\frac{QK^T}{\sqrt{d_k}}\right) V"
NORM = r"\gamma \frac{x - \mu}{\sqrt{\sigma^2 + \epsilon}} + \beta"
ELBO = r"\log p(x) = \mathrm{ELBO} + KL(q(z|x) \| p(z|x))"
PRECISION = r"\frac{TP}{TP + FP}"
PERPLEXITY = r"PP = 2^{H}"
RESIDUAL = r"\frac{\partial y}{\partial x} = 1 + \frac{\partial F}{\partial x}"

BCE = r"-(y \ln p + (1-y) \ln(1-p))"
MOM = r"v_{t+1} = \beta v_t + (1 - \beta) g_t"
L2 = r"L + \lambda \sum_{j=1}^{m} w_j^2"
COS = r"\frac{a \cdot b}{\|a\| \|b\|}"
CONVB = r"(k^2 C_{in} + 1) C_{out}"
TCONV = r"(n - 1) s - 2p + k"
GRU = r"h_t = (1 - z_t) h_{t-1} + z_t \tilde{h}_t"
KLG = r"\frac{1}{2}(\mu^2 + \sigma^2 - \ln \sigma^2 - 1)"
RECALL = r"\frac{TP}{TP+FN}"
PPL = r"e^{-\frac{1}{N} \sum_{i=1}^{N} \ln p_i}"
PERC = r"w + \eta (y - \hat{y}) x"
TANHD = r"1 - \tanh^2(x)"
DROP = r"\frac{x}{1-p}"
HBPTT = r"\frac{\partial h_t}{\partial h_k} = \prod_{i=k+1}^{t} W^T \sigma'(a_i)"
RF = r"r + (k-1) j"
STD = r"\frac{x - \mu}{\sigma}"
LSTMP = r"4(h(h + d) + h)"
SM = r"\frac{1}{1+e^{-(w x + b)}}"
ADAM = r"m_t = \beta_1 m_{t-1} + (1-\beta_1) g_t"
HINGE = r"\max(0, 1 - y f)"
MAXP = r"\frac{n - k}{s} + 1"
DEPTH = r"k^2 C + C D"
FOCAL = r"-(1-p)^{\gamma} \ln p"
SIL = r"x \sigma(x)"
LN = r"\frac{x-\mu}{\sqrt{v+\varepsilon}}"
GRAD = r"\frac{\partial L}{\partial z} = \hat{y} - y"
PARAM = r"n m + m"
BPC = r"-\frac{1}{N}\sum_{i=1}^{N} \log_2 p_i"
TEMP = r"\frac{e^{x_i / T}}{\sum_{j=1}^{K} e^{x_j / T}}"

SAME = [
    (CELL, "c_t = f_t * c_{t-1} + i_t*g_t"),
    (CELL, r"Новое состояние: $c_t = f_t \odot c_{t-1} + i_t \odot g_t$, где f — вентиль."),
    (CELL, r"$$C_t = f_t \cdot C_{t-1} + i_t \cdot \tilde{C}_t$$"),
    (CELL, "c_t = f_t ⊙ c_{t−1} + i_t ⊙ c̃_t"),
    (CELL, "cₜ = fₜ·cₜ₋₁ + iₜ·gₜ"),
    (CELL, "`c_t = i_t * g_t + c_(t-1) * f_t`"),
    (CELL, r"\[c_{t+1} = f_{t+1} c_t + i_{t+1} g_{t+1}\]"),
    (CELL, "c(t) = f(t)*c(t-1) + i(t)*g(t)"),
    (CELL, "ct = ft*ct-1 + it*gt"),
    (CELL, r"it is $\mathbf{c}_n = \mathbf{f}_n \circ \mathbf{c}_{n-1} + \mathbf{i}_n \circ \mathbf{g}_n$"),
    (OUT, r"The output is $h_t = o_t * \tanh c_t$."),
    (OUT, "h_t = o_t * tanh(c_t)"),
    (OUT, r"\(h_t=\operatorname{tanh}(c_t)\, o_t\)"),
    (CHAIN, r"$\frac{\partial c_{n+1}}{\partial c_k} = f_{n+1} f_n \cdots f_{k+1}$"),
    (CHAIN, "f_{n+1}·...·f_{k+1}"),
    (CHAIN, r"$\prod_{j=k}^{n} f_{j+1}$"),
    (CHAIN, "∂c_{n+1}/∂c_k = ∏ f_i"),
    (CHAIN, r"$\frac{\partial c_t}{\partial c_k} = \prod_{i=k+1}^{t} f_i$"),
    (
        CHAIN,
        r"$\frac{\partial c_{n+1}}{\partial c_k}=\prod_{i=k}^{n}\frac{\partial c_{i+1}}{\partial c_i}"
        r"=\prod_{i=k}^{n} f_{i+1}$",
    ),
    (CHAIN, r"dc_{n+1}/dc_k = f_{k+1} * f_{k+2} * ... * f_{n+1}"),
    (SIZE, "(n+2p-k)/s+1"),
    (SIZE, r"$\left\lfloor \frac{n + 2p - k}{s} \right\rfloor + 1$"),
    (SIZE, "O = (W - K + 2P)/S + 1"),
    (SIZE, "размер выхода (H+2P-F)/S+1 пикселей"),
    (SIZE, "output = (input + 2*padding - kernel_size) / stride + 1"),
    (SIZE, r"$\frac{n-k+2p+s}{s}$"),
    (SIZE, "⌊(n + 2p − k)/s⌋ + 1"),
    (SIGMOID, "σ(x) = 1/(1+e^{-x})"),
    (SIGMOID, "sigmoid(x) = 1 / (1 + exp(-x))"),
    (SIGMOID, r"$\frac{e^x}{e^x+1}$"),
    (SIGMOID, "1/(1+e^-x)"),
    (SIGMOID, r"$\sigma(z)=\frac1{1+e^{-z}}$"),
    (SLOPE, "σ'(x) = σ(x)(1-σ(x))"),
    (SLOPE, r"$\sigma(x) - \sigma^2(x)$"),
    (SLOPE, "sigmoid(x)*(1 - sigmoid(x))"),
    (SOFTMAX, r"$\mathrm{softmax}(x)_i = \frac{\exp(x_i)}{\sum_j \exp(x_j)}$"),
    (SOFTMAX, "e^{x_i} / Σ_{j=1}^{N} e^{x_j}"),
    (SOFTMAX, r"$\frac{e^{z_i}}{\sum_{k=1}^{K} e^{z_k}}$"),
    (ENTROPY, r"$-\sum_i y_i \log \hat y_i$"),
    (ENTROPY, r"$L = -\sum_{c=1}^{C} y_c \log(\hat{y}_c)$"),
    (ENTROPY, r"L = - \sum_{i=1}^{N} y_i \ln(\hat{y}_i)"),
    (MSE, r"$\frac1n\sum_{i=1}^n (\hat{y}_i-y_i)^2$"),
    (MSE, r"$MSE = \frac{1}{N}\sum_{i=1}^{N}(y_i - \hat{y}_i)^2$"),
    (MSE, "1/n * Σ_{i=1}^n (y_i - ŷ_i)²"),
    (WEIGHTS, "k*k*C_in*C_out"),
    (WEIGHTS, "C_out · C_in · k²"),
    (WEIGHTS, r"$C_{\text{in}} C_{\text{out}} k^2$"),
    (LINEAR, "W_2(W_1x + b_1) + b_2 = W_2W_1x + W_2b_1 + b_2"),
    (LINEAR, "W2(W1x+b1)+b2"),
    (SAMPLE, "z = mu + sigma * eps"),
    (SAMPLE, "z = μ + σ·ε"),
    (SAMPLE, r"$z=\mu+\sigma\odot\epsilon$"),
    (SAMPLE, r"$\varepsilon = (z-\mu)/\sigma$"),
    (STEP, r"$w_{t+1} = w_t - \eta \cdot \frac{\partial L}{\partial w}$"),
    (RNN, "h_t = tanh(W_xh x_t + W_hh h_{t-1} + b)"),
    (RNN, r"$h_t=\tanh(W_{hh}h_{t-1}+W_{xh}x_t+b)$"),
    (GAN, r"$\min_G\max_D V = \mathbb{E}_{x\sim p}[\ln D(x)] + \mathbb{E}_{z}[\ln(1-D(G(z)))]$"),
    (GAN, "E[log D(x)] + E[log(1 - D(G(z)))]"),
    (DICE, "2TP / (2TP + FP + FN)"),
    (DICE, r"$\frac{2 \cdot TP}{2 \cdot TP + FN + FP}$"),
    (F1, "F1 = 2PR/(P+R)"),
    (F1, r"$F_1=\frac{2}{1/P+1/R}$"),
    (F1, "2 * precision * recall / (precision + recall)"),
    (IOU, "IoU = |A∩B| / |A∪B|"),
    (IOU, r"$\frac{|B\cap A|}{|A\cup B|}$"),
    (ATTENTION, "softmax(QK^T/√d_k)V"),
    (ATTENTION, r"$\text{softmax}(QK^\top/\sqrt{d_k})V$"),
    (NORM, r"$y = \gamma\cdot\frac{x-\mu}{\sqrt{\sigma^2+\varepsilon}}+\beta$"),
    (NORM, "γ·(x−μ)/√(σ²+ε) + β"),
    (ELBO, r"$\mathrm{ELBO} = \log p(x) - D_{KL}(q(z|x)\,\|\,p(z|x))$"),
    (PRECISION, "Precision = TP/(TP+FP)"),
    (PERPLEXITY, "2^H"),
    (RESIDUAL, "∂y/∂x = 1 + ∂F/∂x"),
    (RESIDUAL, r"$\frac{dy}{dx} = \frac{dF}{dx} + 1$"),
    (BCE, "BCE = -[y log p + (1-y) log(1-p)]"),
    (BCE, r"$-y\log(p)-(1-y)\log(1-p)$"),
    (BCE, r"$L = -\left(y\ln\hat{p} + (1-y)\ln(1-\hat{p})\right)$"),
    (BCE, "loss = -y*log(p) - (1-y)*log(1-p)"),
    (MOM, "v_{t+1} = β·v_t + (1−β)·g_t"),
    (MOM, r"$v_t = \beta v_{t-1} + (1-\beta) g_{t-1}$"),
    (MOM, "v(t+1)=beta*v(t)+(1-beta)*g(t)"),
    (L2, r"$L_{reg} = L + \lambda\sum_{j=1}^{m} w_j^2$"),
    (L2, "L + λ Σ w_j²"),
    (L2, r"$L+\lambda \sum_i w_i^2$"),
    (COS, r"$\cos = \frac{a\cdot b}{\|a\|\cdot\|b\|}$"),
    (COS, "(a·b)/(|a||b|)"),
    (COS, r"$\frac{ab}{|a|\cdot|b|}$"),
    (CONVB, "k·k·C_in·C_out + C_out"),
    (CONVB, r"$C_{out}\cdot(C_{in}\cdot k^2+1)$"),
    (CONVB, "(k*k*C_in+1)*C_out параметров"),
    (TCONV, "(n-1)*s - 2*p + k"),
    (TCONV, "H_out = (H_in - 1)*stride - 2*padding + kernel_size"),
    (TCONV, "out = s(n-1) + k - 2p"),
    (GRU, r"$h_t = (1-z_t)\odot h_{t-1} + z_t\odot\tilde h_t$"),
    (GRU, "h_t = h_{t-1} + z_t*(h̃_t - h_{t-1})"),
    (KLG, r"$\frac12\left(\mu^2+\sigma^2-1-\log\sigma^2\right)$"),
    (KLG, "0.5*(mu^2 + sigma^2 - log(sigma^2) - 1)"),
    (KLG, "½(μ² + σ² − ln σ² − 1)"),
    (KLG, r"$-\frac{1}{2}(1+\log(\sigma^2)-\mu^2-\sigma^2)$"),
    (RECALL, "recall = TP / (TP + FN)"),
    (RECALL, r"$R=\frac{TP}{TP+FN}$"),
    (RECALL, r"$\frac{\text{TP}}{\text{TP}+\text{FN}}$"),
    (PPL, r"$\exp\left(-\frac{1}{N}\sum_{i=1}^N \log p_i\right)$"),
    (PPL, r"$PPL = e^{-\frac1N \sum_i \ln p_i}$"),
    (PERC, "w = w + η(y − ŷ)x"),
    (PERC, r"$w \leftarrow w + \eta (y-\hat y) x$"),
    (PERC, "w := w + lr*(y - y_hat)*x"),
    (TANHD, "1 - tanh(x)^2"),
    (TANHD, r"$(1-\tanh x)(1+\tanh x)$"),
    (TANHD, "tanh'(x) = 1 - tanh²(x)"),
    (DROP, "x/(1-p)"),
    (DROP, r"$\frac{1}{1-p}\cdot x$"),
    (STD, "(x-μ)/σ"),
    (STD, "z = (x - mean)/std"),
    (RF, "r + (k-1)*j"),
    (SM, "σ(wx+b)"),
    (SM, r"$\hat y = \sigma(wx+b)$"),
    (HBPTT, r"$\frac{\partial h_t}{\partial h_k}=\prod_{i=k+1}^{t} W^\top \sigma'(a_i)$"),
    (LSTMP, "4*(h*d + h*h + h)"),
    (LSTMP, "4·h·(h+d+1)"),
    (CELL, "Обновление ячейки идёт по формуле c_t = f_t·c_{t-1} + i_t·c̃_t, поэтому градиент не затухает."),
    (CELL, "Cell: C[t] = f[t]*C[t-1] + i[t]*g[t]"),
    (CELL, r"где $f_t$ — вентиль, а $c_t=f_t\otimes c_{t-1}+i_t\otimes g_t$."),
    (CELL, r"$c_{t} = \sigma(...)$ нет, $c_{t} = g_{t} i_{t} + f_{t} c_{t - 1}$"),
    (CELL, "c_t = (f_t * c_{t-1}) + (i_t * g_t)."),
    (OUT, "а выход h_t=o_t⊙tanh(c_t)."),
    (OUT, "выход: `h_t = o_t * torch.tanh(c_t)`"),
    (OUT, "h_t = o_t·th(c_t)"),
    (CHAIN, r"Производная равна произведению $\prod_{i=k+1}^{n+1} f_i$, то есть..."),
    (
        CHAIN,
        r"$$\frac{\partial c_{n+1}}{\partial c_{k}} = \frac{\partial c_{n+1}}{\partial c_{n}} \cdot \ldots"
        r" \cdot \frac{\partial c_{k+1}}{\partial c_{k}} = f_{n+1} \cdot \ldots \cdot f_{k+1}$$",
    ),
    (CHAIN, "∂c_{n+1}/∂c_k = ∏_{i=k+1}^{n+1} f_i"),
    (CHAIN, "dc_{n+1}/dc_k = prod_{i=k+1}^{n+1} f_i"),
    (CHAIN, r"$\frac{dc_{n+1}}{dc_k} = \prod\limits_{j=k+1}^{n+1} f_j$"),
    (CHAIN, "f_{k+1} f_{k+2} ... f_{n+1}"),
    (CHAIN, r"\frac{\partial c_{n+1}}{\partial c_k} = \prod_{t=k+1}^{n+1} f_t без долларов"),
    (CHAIN, "∂cₙ₊₁/∂cₖ = fₙ₊₁·fₙ·…·fₖ₊₁"),
    (SIZE, "Размер: [(n + 2p − k) / s] + 1"),
    (SIZE, "floor((n + 2*p - k) / s) + 1"),
    (SIZE, "(n - k + 2p) // s + 1"),
    (SIZE, r"$n_{out} = \left[\frac{n_{in}+2p-k}{s}\right]+1$"),
    (SIZE, "N = (N_in + 2·P − K)/S + 1"),
    (SIZE, "((W−F+2P)/S)+1"),
    (SIGMOID, "сигмоида: 1/(1 + exp(-x)), значения от 0 до 1"),
    (SIGMOID, r"$\sigma(x) = (1+e^{-x})^{-1}$"),
    (SIGMOID, "S(x) = 1/(1+e^(-x))"),
    (SLOPE, r"производная $\frac{d\sigma}{dx}=\sigma(x)\cdot(1-\sigma(x))$"),
    (SOFTMAX, r"$p_i = \dfrac{e^{z_i}}{\sum\limits_{j} e^{z_j}}$"),
    (SOFTMAX, "exp(x_i)/sum_j exp(x_j)"),
    (SOFTMAX, "softmax(x_i) = exp(x_i) / Σ exp(x_j)"),
    (ENTROPY, r"$H(y,\hat y) = -\sum_{i} y_i\log\hat{y}_i$"),
    (ENTROPY, "-Σ y_i log ŷ_i"),
    (MSE, "MSE = 1/n Σ(y_i - ŷ_i)^2"),
    (MSE, r"$\frac{\sum_{i=1}^{n}(y_i-\hat y_i)^2}{n}$"),
    (WEIGHTS, "k² · C_in · C_out"),
    (WEIGHTS, "K*K*Cin*Cout"),
    (SAMPLE, "z = mean + std * eps, eps ~ N(0,1)"),
    (IOU, "|A ∩ B| / |A ∪ B|"),
    (F1, r"$F_1 = 2\cdot\frac{precision\cdot recall}{precision+recall}$"),
    (DICE, "Dice = 2*TP/(2*TP+FP+FN)"),
    (ATTENTION, r"$Attention(Q,K,V)=softmax(\frac{QK^T}{\sqrt{d_k}})V$"),
    (NORM, "y = gamma*(x-mu)/sqrt(sigma^2+eps)+beta"),
    (RESIDUAL, r"$\frac{\partial y}{\partial x}=\frac{\partial F}{\partial x}+1$, y = F(x)+x"),
    (GAN, r"$\min_G \max_D E_{x}[\log D(x)] + E_z[\log (1-D(G(z)))]$"),
    (STEP, r"$w := w - \eta \frac{\partial L}{\partial w}$"),
    (STEP, "w_{t+1} = w_t - lr * dL/dw"),
    (ADAM, "m_t = β1·m_{t-1} + (1−β1)·g_t"),
    (ADAM, r"$m_t=\beta_1 m_{t-1}+(1-\beta_1)g_t$"),
    (HINGE, "max(0, 1 - y*f)"),
    (HINGE, r"$\max(0,1-yf)$"),
    (HINGE, "max{0; 1-yf}"),
    (MAXP, "(n-k)/s+1"),
    (MAXP, "(n - k) / s + 1 = 13"),
    (MAXP, "(28-2)/2+1=14, т.е. (n-k)/s+1"),
    (DEPTH, "k²·C + C·D"),
    (DEPTH, "C(k^2+D)"),
    (DEPTH, r"$C \cdot k \cdot k + C \cdot D$"),
    (FOCAL, "FL = -(1-p)^γ log p"),
    (FOCAL, r"$-(1-p)^\gamma\log(p)$"),
    (SIL, "x*sigmoid(x)"),
    (SIL, "x/(1+e^{-x})"),
    (SIL, r"$swish(x) = x\cdot\sigma(x)$"),
    (LN, r"$\hat x=\frac{x-\mu}{\sqrt{v+\epsilon}}$"),
    (LN, "(x - mean)/sqrt(var + eps)"),
    (GRAD, r"$\frac{\partial L}{\partial z} = \hat y - y$"),
    (GRAD, "dL/dz = ŷ - y"),
    (GRAD, "∂L/∂z = y_hat - y"),
    (PARAM, "n*m + m"),
    (PARAM, "m(n+1)"),
    (PARAM, "(n+1)·m параметров"),
    (BPC, r"$-\frac1N\sum_{i=1}^N\log_2 p_i$"),
    (BPC, "-1/N Σ log2 p_i"),
    (BPC, "-1/N * sum_{i=1}^N log2(p_i)"),
    (TEMP, r"$\frac{\exp(x_i/T)}{\sum_j \exp(x_j/T)}$"),
    (TEMP, "softmax: e^{x_i/T} / Σ_j e^{x_j/T}"),
    (TEMP, "p_i = exp(z_i/T) / sum_j exp(z_j/T)"),
]

DIFFERENT = [
    (CELL, "c_t = f_t * c_{t-1} - i_t*g_t"),
    (CELL, "c_t = f_t * c_t + i_t*g_t"),
    (CELL, "c_t = f_t * h_{t-1} + i_t*g_t"),
    (CELL, r"$c_t = (f_t + c_{t-1}) i_t g_t$"),
    (CELL, r"$h_t = o_t \tanh(c_t)$"),
    (CELL, r"$h_t = f_t h_{t-1} + i_t g_t$"),
    (CELL, "c_t = i_t * c_{t-1} + f_t * g_t"),
    (CELL, "c_t = c_t"),
    (OUT, r"$h_t = o_t + \tanh(c_t)$"),
    (OUT, "h_t = o_t * sigmoid(c_t)"),
    (OUT, "c_t = o_t * tanh(c_t)"),
    (CHAIN, r"$\frac{\partial c_{n+1}}{\partial c_k}=\prod_{i=k}^{n}\frac{\partial c_{i+1}}{\partial c_i}$"),
    (CHAIN, r"∂c_{n+1}/∂c_k = ∂c_{n+1}/∂c_n · ∂c_n/∂c_{n-1} · ... · ∂c_{k+1}/∂c_k"),
    (CHAIN, r"$\frac{\partial c_{n+1}}{\partial c_k} = \sum_{i=k+1}^{n+1} f_i$"),
    (CHAIN, r"$\frac{\partial c_{n+1}}{\partial c_k} = \prod_{i=k}^{n} f_i$"),
    (CHAIN, r"$\frac{\partial h_{n+1}}{\partial h_k} = \prod_{i=k+1}^{n+1} f_i$"),
    (CHAIN, r"$\frac{\partial c_{n+1}}{\partial c_k} = f_{n+1}$"),
    (CHAIN, "∂c_{n+1}/∂c_k = ∏ i_j"),
    (CHAIN, r"$\frac{\partial c_{n+1}}{\partial c_k} = \frac{\partial c_{n+1}}{\partial c_k}$"),
    (SIZE, "(n+2p-k)/s"),
    (SIZE, "(n+p-k)/s+1"),
    (SIZE, "(n-2p+k)/s+1"),
    (SIZE, "(n+2k-p)/s+1"),
    (SIZE, "n + 2p - k/s + 1"),
    (SIZE, "O = (W - K + P)/S + 1"),
    (SIGMOID, "σ(x) = 1/(1+e^{x})"),
    (SIGMOID, "σ(x) = 1/(1-e^{-x})"),
    (SIGMOID, "y = σ(x)"),
    (SLOPE, "σ'(x) = σ(x)(1+σ(x))"),
    (SLOPE, "σ'(x) = 1-σ(x)"),
    (SOFTMAX, r"$\frac{x_i}{\sum_j x_j}$"),
    (SOFTMAX, r"$\frac{e^{x_i}}{\prod_j e^{x_j}}$"),
    (ENTROPY, r"$\sum_i y_i \log \hat y_i$"),
    (ENTROPY, r"$-\sum_i \hat y_i \log y_i$"),
    (MSE, r"$\frac1n\sum_{i=1}^n |\hat{y}_i-y_i|$"),
    (MSE, r"$\sum_{i=1}^n (y_i-\hat{y}_i)^2$"),
    (WEIGHTS, "k*C_in*C_out"),
    (WEIGHTS, "k*k*(C_in + C_out)"),
    (WEIGHTS, "k*k*C_in*C_out + C_out"),
    (LINEAR, "W_2(W_1x + b_1) + b_2 = W_2W_1x + b_2"[27:]),
    (SAMPLE, "z = μ·σ + ε"),
    (SAMPLE, "z = μ + σ²·ε"),
    (SAMPLE, "z = μ + σ"),
    (STEP, r"$w_{t+1} = w_t + \eta \cdot \frac{\partial L}{\partial w}$"),
    (STEP, r"$w_{t+1} = w_t - \frac{\partial L}{\partial w}$"),
    (RNN, "h_t = tanh(W_xh x_t + b)"),
    (GAN, r"$\mathbb{E}[\ln D(x)] - \mathbb{E}[\ln(1-D(G(z)))]$"),
    (GAN, "E[log D(x)] + E[log D(G(z))]"),
    (DICE, "TP / (TP + FP + FN)"),
    (F1, "F1 = (P+R)/2"),
    (F1, "2PR"),
    (IOU, "|A∪B| / |A∩B|"),
    (ATTENTION, "softmax(QK^T)V"),
    (NORM, r"$\frac{x-\mu}{\sqrt{\sigma^2+\varepsilon}}$"),
    (ELBO, r"$\mathrm{ELBO} = \log p(x) + D_{KL}(q(z|x)\,\|\,p(z|x))$"),
    (ELBO, r"$\log p(x) = \mathrm{ELBO} + KL(p(z|x) \| q(z|x))$"),
    (PRECISION, "TP/(TP+FN)"),
    (RESIDUAL, "∂y/∂x = ∂F/∂x"),
    (BCE, "y log p + (1-y) log(1-p)"),
    (BCE, "-y log p - (1-y) log p"),
    (BCE, "-y*log(p)"),
    (MOM, "v_{t+1} = β·v_t + β·g_t"),
    (MOM, "v_{t+1} = v_t + g_t"),
    (L2, "L + λ Σ |w_j|"),
    (L2, "L - λ Σ w_j²"),
    (COS, "(a·b)/(|a|+|b|)"),
    (COS, "a·b"),
    (CONVB, "k*k*C_in*C_out"),
    (CONVB, "k*k*C_in*C_out + C_in"),
    (TCONV, "(n+2p-k)/s + 1"),
    (TCONV, "(n-1)*s + 2*p + k"),
    (GRU, "h_t = z_t*h_{t-1} + z_t*h̃_t"),
    (GRU, "h_t = (1-z_t)*h_{t-1} + (1-z_t)*h̃_t"),
    (KLG, "0.5*(mu^2 + sigma^2 + log(sigma^2) - 1)"),
    (KLG, "½(μ² + σ² − 1)"),
    (RECALL, "TP / (TP + FP)"),
    (RECALL, "TP/(TP+TN)"),
    (PPL, r"$\exp\left(\frac{1}{N}\sum_{i=1}^N \log p_i\right)$"),
    (PPL, r"$-\frac1N \sum_i \ln p_i$"),
    (PERC, "w - η(y − ŷ)x"),
    (PERC, "w + η(y − ŷ)"),
    (TANHD, "1 - tanh(x)"),
    (TANHD, "1+tanh(x)^2"),
    (DROP, "x*(1-p)"),
    (DROP, "x/p"),
    (STD, "(x-μ)/σ²"),
    (STD, "(x+μ)/σ"),
    (RF, "r + k*j"),
    (SM, "σ(wx) + b"),
    (SM, "w*x+b"),
    (HBPTT, r"$\frac{\partial h_t}{\partial h_k}=\prod_{i=k+1}^{t}\frac{\partial h_i}{\partial h_{i-1}}$"),
    (LSTMP, "3*(h*d + h*h + h)"),
    (LSTMP, "4*(h*d + h*h)"),
    (CELL, "c_t = f_t·c_{t-1} · i_t·c̃_t"),
    (CELL, "c_t = f_t + c_{t-1} + i_t + g_t"),
    (CELL, "c_t = o_t·c_{t-1} + i_t·g_t"),
    (CELL, "c_t = f_t·x_t + i_t·g_t"),
    (CELL, "c_t = c_{t-1} + i_t·g_t"),
    (CELL, "$c_t = f_t c_{t-1} + (1-f_t) g_t$"),
    (CELL, "c_t = f_t·c_{t+1} + i_t·g_t"),
    (CHAIN, r"$\frac{\partial c_{n+1}}{\partial c_k} = (n+1-k) f$"),
    (CHAIN, r"$\prod_{i=k+1}^{n+1} o_i$"),
    (CHAIN, "f_{n+1} + ... + f_{k+1}"),
    (CHAIN, r"$\frac{\partial c_{n+1}}{\partial c_k} = \prod W^T$"),
    (
        CHAIN,
        r"$\frac{\partial c_{n+1}}{\partial c_k}"
        r"=\frac{\partial c_{n+1}}{\partial h_n}\frac{\partial h_n}{\partial c_k}$",
    ),
    (CHAIN, r"$\prod_{i=k+1}^{n+1} f_i^2$"),
    (CHAIN, r"$\frac{\partial c_{k}}{\partial c_{n+1}} = \prod_{i=k+1}^{n+1} f_i$"),
    (SIZE, "(n+2p-k+1)/s"),
    (SIZE, "(n+2p-k)/s - 1"),
    (SIZE, "n+2p-k+1"),
    (SIZE, "(s+2p-k)/n+1"),
    (SIGMOID, "1/(1+e^{-2x})"),
    (SIGMOID, "e^{-x}/(1+e^{-x})"),
    (SOFTMAX, r"$\frac{e^{x_i}}{\sum_j x_j}$"),
    (SOFTMAX, "exp(x_i)"),
    (ENTROPY, r"$-\sum_i \log\hat{y}_i$"),
    (ENTROPY, r"$-\sum_i y_i \hat{y}_i$"),
    (MSE, r"$\frac1n\sum_i (y_i+\hat y_i)^2$"),
    (MSE, r"$(\frac1n\sum_i (y_i-\hat y_i))^2$"),
    (SAMPLE, "z = σ + μ·ε"),
    (STEP, "w_{t+1} = w_t - lr * L"),
    (DICE, "2*TP/(TP+FP+FN)"),
    (IOU, "|A∩B| / (|A|+|B|)"),
    (ATTENTION, r"$softmax(QK^T\sqrt{d_k})V$"),
    (NORM, r"$\gamma\frac{x-\mu}{\sigma^2+\epsilon}+\beta$"),
    (RNN, "h_t = sigmoid(W_xh x_t + W_hh h_{t-1} + b)"),
    (RNN, "h_t = tanh(W_xh x_t + W_hh h_t + b)"),
    (F1, "F1 = PR/(P+R)"),
    (LINEAR, "W_2 W_1 x + b_1 + b_2"),
    (ADAM, "m_t = β1·m_{t-1} + (1−β2)·g_t"),
    (ADAM, "m_t = β1·m_{t-1} + g_t"),
    (HINGE, "max(0, y*f - 1)"),
    (HINGE, "min(0, 1-yf)"),
    (MAXP, "(n-k)/s"),
    (MAXP, "(n+k)/s+1"),
    (DEPTH, "k²·C·D"),
    (DEPTH, "k²·C + D"),
    (FOCAL, "-(1-p) log p"),
    (FOCAL, "(1-p)^γ log p"),
    (SIL, "x + σ(x)"),
    (SIL, "σ(x)"),
    (LN, "(x-μ)/v"),
    (GRAD, "∂L/∂z = y - ŷ"),
    (GRAD, "∂L/∂w = ŷ - y"),
    (PARAM, "n*m"),
    (PARAM, "n*m + n"),
    (BPC, r"$-\frac1N\sum_i \ln p_i$"),
    (TEMP, r"$\frac{\exp(x_i)}{\sum_j \exp(x_j)}$"),
    (TEMP, r"$\frac{\exp(x_i T)}{\sum_j \exp(x_j T)}$"),
]


def status(latex, text):
    return find_formulas([Formula(latex=latex)], text)[0].status


@pytest.mark.parametrize(("latex", "text"), SAME)
def test_the_same_formula_is_found_however_it_is_written(latex, text):
    assert status(latex, text) == "same"


@pytest.mark.parametrize(("latex", "text"), DIFFERENT)
def test_another_formula_is_not_taken_for_it(latex, text):
    assert status(latex, text) in ("different", "absent")


@pytest.mark.parametrize("latex", sorted({latex for latex, _ in SAME}))
def test_a_formula_is_the_same_as_itself(latex):
    assert readable(Formula(latex=latex))
    assert status(latex, f"It is ${latex}$, as shown.") == "same"
