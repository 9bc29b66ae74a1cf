"""The plain way to label Chinese text: jieba's words, TF-IDF, a linear SVM, everything as it comes.

Prints what `python -m benchmark` prints of its accuracy; runs in the ear's environment.
"""

from __future__ import annotations

import json
import logging
import sys
from pathlib import Path

import jieba
from benchmark import judged, read_labelled
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.pipeline import make_pipeline
from sklearn.svm import LinearSVC


def main() -> int:
    """Learn from the first file, label the second."""
    jieba.setLogLevel(logging.WARNING)
    train, test = (read_labelled(Path(name)) for name in sys.argv[1:])
    words = TfidfVectorizer(tokenizer=jieba.lcut, token_pattern=None)
    model = make_pipeline(words, LinearSVC()).fit(train.texts, train.labels)
    accuracy, macro_f1 = judged(test.labels, model.predict(test.texts))
    print(json.dumps({"accuracy": round(accuracy, 4), "macro_f1": round(macro_f1, 4)}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
