"""Write and train the stock project of the turns contest; runs in the ear's environment.

    python -m bench.turns_project FOLDER --epochs N

Same intents and the same training text as ours; jieba, CountVectors, DIET, TED and RulePolicy; the
report is a form of stock Rasa's kind. It is an ordinary project: `rasa run` serves it.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import warnings
from pathlib import Path

import yaml

from bench.projects import STOCK, intent_examples, write_stock

HERE = Path(__file__).resolve().parent
POLICIES = """
policies:
  - name: MemoizationPolicy
  - name: RulePolicy
  - name: TEDPolicy
    max_history: 5
    epochs: {epochs}
    constrain_similarities: true
"""
ANSWERS = [
    ("affirm", ["对", "是的", "没错", "确认", "就这样"]),
    ("inform", ["没有", "幸福路12号", "19900000001", "跳过", "没有照片"]),
]
FORM = {"place": "在哪里？", "photo": "有照片吗？没有就说没有。", "phone": "留个手机号吧。",
        "sure": "我记下了，提交吗？"}  # fmt: skip
ACTED = {"ask_guide": "action_guide", "report_problem": "report_form", "complain": "report_form"}


def domain(intents: list[str]) -> dict[str, object]:
    """Give the domain: every intent answered, a form of four questions after the first word."""
    slots: dict[str, object] = {
        "description": {
            "type": "text",
            "influence_conversation": False,
            "mappings": [
                {"type": "from_text", "intent": ["report_problem", "complain"], "conditions": [
                    {"active_loop": None}]}
            ],
        }
    }  # fmt: skip
    for name in FORM:
        asked = [{"active_loop": "report_form", "requested_slot": name}]
        slots[name] = {
            "type": "text",
            "influence_conversation": False,
            "mappings": [{"type": "from_text", "conditions": asked}],
        }
    said = {f"utter_{intent}": [{"text": f"{intent}。"}] for intent in intents}
    asks = {f"utter_ask_{name}": [{"text": words}] for name, words in FORM.items()}
    return {
        "version": "3.1",
        "intents": intents,
        "slots": slots,
        "forms": {"report_form": {"required_slots": list(FORM)}},
        "responses": said | asks | {"utter_filed": [{"text": "报上去了，单号 {number}。"}]},
        "actions": ["action_guide", "action_file_report", "validate_report_form"],
        "session_config": {
            "session_expiration_time": 60,
            "carry_over_slots_to_new_session": True,
        },
    }


def rules(intents: list[str]) -> dict[str, object]:
    """Give one rule an intent, the form's rules, and some stories for TED."""
    plain = {intent: ACTED.get(intent, f"utter_{intent}") for intent in intents}
    listed: list[object] = []
    for intent, action in plain.items():
        steps: list[object] = [{"intent": intent}, {"action": action}]
        if action == "report_form":
            steps.append({"active_loop": "report_form"})
        listed.append({"rule": intent, "steps": steps})
    done = [{"action": "report_form"}, {"active_loop": None}, {"slot_was_set": [
        {"requested_slot": None}]}, {"action": "action_file_report"}]  # fmt: skip
    listed.append({"rule": "filed", "condition": [{"active_loop": "report_form"}], "steps": done})
    stories = [
        {"story": f"{first} {second}", "steps": [
            {"intent": first}, {"action": plain[first]},
            {"intent": second}, {"action": plain[second]}]}
        for first, second in (("greet", "ask_guide"), ("ask_guide", "thank"),
                              ("ask_guide", "ask_guide"), ("greet", "goodbye"))
    ]  # fmt: skip
    return {"version": "3.1", "rules": listed, "stories": stories}


def write(folder: Path, epochs: int, every: int) -> None:
    """Write the whole project; with `every`, from every n-th example of ours."""
    examples = intent_examples()[::every]
    known = {text for text, _ in examples}
    examples += [(t, intent) for intent, texts in ANSWERS for t in texts if t not in known]
    project = write_stock(folder, examples, epochs)
    config = STOCK.format(epochs=epochs) + POLICIES.format(epochs=epochs)
    (project / "config.yml").write_text(config, encoding="utf-8")
    intents = sorted({label for _, label in examples})
    _dump(project / "domain.yml", domain(intents))
    _dump(project / "data" / "rules.yml", rules(intents))
    shutil.copy(HERE / "turns_stock_actions.py", project / "actions.py")
    _dump(project / "credentials.yml", {"rest": {}})


def _dump(path: Path, content: object) -> None:
    path.write_text(yaml.safe_dump(content, allow_unicode=True, sort_keys=False), encoding="utf-8")


def main() -> int:
    """Write, then train as `rasa train` does."""
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--epochs", type=int, required=True)
    parser.add_argument("--every", type=int, default=1)
    options = parser.parse_args()
    write(options.folder, options.epochs, options.every)
    from rasa.model_training import train

    warnings.simplefilter("ignore")
    train(
        domain=str(options.folder / "domain.yml"),
        config=str(options.folder / "config.yml"),
        training_files=[str(options.folder / "data")],
        output=str(options.folder / "models"),
        fixed_model_name="stock",
        core_additional_arguments={"augmentation_factor": 0},
    )
    print('{"trained": true}')
    return 0


if __name__ == "__main__":
    sys.exit(main())
