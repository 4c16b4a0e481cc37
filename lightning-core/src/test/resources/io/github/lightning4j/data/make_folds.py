"""Writes folds.csv: scikit-learn's folds of random classes and groups. Run by hand: python make_folds.py

Each line is a kind, the number of folds, the class or group of each sample, and the fold that each sample is held out in.
Sizes of groups differ, since numpy's argsort leaves the order of equal ones open.
"""

import pathlib

import numpy
from sklearn.model_selection import GroupKFold, KFold, StratifiedKFold

random = numpy.random.default_rng(1)


def assigned(splitter, labels):
    folds = numpy.zeros(len(labels), dtype=int)
    for fold, (_, held_out) in enumerate(splitter.split(labels, labels, labels)):
        folds[held_out] = fold
    return folds


def line(kind, count, labels, splitter):
    return ";".join(
        [kind, str(count), " ".join(map(str, labels)), " ".join(map(str, assigned(splitter, labels)))]
    )


lines = []
for _ in range(20):
    count = int(random.integers(2, 8))
    samples = numpy.arange(random.integers(count, 40))
    lines.append(line("plain", count, samples, KFold(count)))
for _ in range(20):
    count = int(random.integers(2, 6))
    classes = random.integers(-3, 4, size=random.integers(50, 80))
    lines.append(line("stratified", count, classes, StratifiedKFold(count)))
for _ in range(20):
    count = int(random.integers(2, 6))
    sizes = random.permutation(numpy.arange(1, 11))[: random.integers(count, 11)]
    names = random.permutation(numpy.arange(-20, 20))[: len(sizes)]
    groups = random.permutation(numpy.repeat(names, sizes))
    lines.append(line("grouped", count, groups, GroupKFold(count)))
(pathlib.Path(__file__).parent / "folds.csv").write_text("\n".join(lines) + "\n")
