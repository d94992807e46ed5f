"""Wanted formulas with what students write for them: the same, and not the same."""

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
]
