"""Steps of one length in every direction, for the weights of convolutions."""

from collections.abc import Iterable

import torch
from torch import Tensor, nn

NEWTON_SCHULZ = (3.4445, -4.7750, 2.0315)  # Jordan's: fastest from small singular values to about 1
NUM_ROUNDS = 5
NESTEROV = 0.95


class Muon(torch.optim.Optimizer):
    """Momentum whose step is orthogonalised: rare directions are learnt as fast as common ones.

    Jordan et al. 2024, "Muon: An optimizer for hidden layers in neural networks". Convolutions are
    seen as matrices (out, in * height * width). A step is as long as Adam's usually are (Liu et al.
    2025, "Muon is scalable for LLM training", equation 4), so that both take the same rate.
    torch's own takes matrices only and computes in bfloat16, which is slow on most CPUs.
    """

    def __init__(
        self, parameters: Iterable[nn.Parameter], *, lr: float, weight_decay: float
    ) -> None:
        super().__init__(parameters, {"lr": lr, "weight_decay": weight_decay})

    @torch.no_grad()
    def step(self, closure: None = None) -> None:  # type: ignore[override]
        """Take one step."""
        for group in self.param_groups:
            for parameter in group["params"]:
                gradient = parameter.grad
                if gradient is None:
                    continue
                state = self.state[parameter]
                if "momentum" not in state:
                    state["momentum"] = torch.zeros_like(gradient)
                momentum = state["momentum"].lerp_(gradient, 1 - NESTEROV)
                ahead = torch.lerp(gradient, momentum, NESTEROV).flatten(1)
                length = 0.2 * max(ahead.shape) ** 0.5
                parameter.mul_(1 - group["lr"] * group["weight_decay"])
                change = orthogonalise(ahead).view_as(parameter)
                parameter.add_(change, alpha=-group["lr"] * length)


def orthogonalise(matrix: Tensor) -> Tensor:
    """A matrix (m, n) of the same singular vectors whose singular values are all about 1."""
    a, b, c = NEWTON_SCHULZ
    x = matrix if matrix.shape[0] <= matrix.shape[1] else matrix.T
    x = x / (x.norm() + 1e-7)
    for _ in range(NUM_ROUNDS):
        gram = x @ x.T
        x = torch.addmm(x, torch.addmm(gram, gram, gram, beta=b, alpha=c), x, beta=a)
    return x if matrix.shape[0] <= matrix.shape[1] else x.T
