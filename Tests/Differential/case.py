"""A case: a configuration, the files of its passdbs, and requests; as text for a person, and as JSON to run again."""
import dataclasses
import json


@dataclasses.dataclass
class Configuration:
    """Settings by name, and passdbs as lists of pairs; `{base}` in a value is the server's directory."""

    settings: dict
    passdbs: list

    def text(self, base):
        lines = [
            f"base_dir = {base}/run", f"log_path = {base}/log", "auth_verbose = yes", "auth_failure_delay = 0",
            *(f"{name} = {value}" for name, value in self.settings.items()),
        ]
        for passdb in self.passdbs:
            lines += ["passdb {", *(f"  {name} = {value}" for name, value in passdb), "}"]
        lines += ["service auth {", f"  unix_listener {base}/auth {{", "    mode = 0666", "  }", "}", ""]
        return "\n".join(lines).replace("{base}", base)


@dataclasses.dataclass
class Case:
    configuration: Configuration
    files: dict
    scripts: list
    # The client's minor version of the protocol.
    minor: int = 2

    def json(self):
        return json.dumps(dataclasses.asdict(self), ensure_ascii=False)

    @staticmethod
    def from_json(text):
        fields = json.loads(text)
        fields["configuration"] = Configuration(**fields["configuration"])
        return Case(**fields)

    def description(self):
        """All of it, ready to paste."""
        text = self.configuration.text("/tmp/base")
        for name, lines in self.files.items():
            text += f"--- {name}\n" + "".join(line + "\n" for line in lines)
        for script in self.scripts:
            text += f"--- request (protocol 1.{self.minor}) {json.dumps(script, ensure_ascii=False)}\n"
        return text
