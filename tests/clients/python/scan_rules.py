"""Scanners with the rules that the server writes: detect-secrets itself with its plugin, and gitleaks' rules as it reads them."""

import re
import tomllib
from pathlib import Path

import requests
from detect_secrets import SecretsCollection
from detect_secrets.settings import transient_settings

from scene import SERVER, check, hallpass, person


def rules(scanner):
    """The file for a scanner."""
    answer = requests.get(f"{SERVER}/api/v1/scan-rules", params={"format": scanner})
    check(f"the server has rules for {scanner}", answer.status_code == 200)
    return answer.text


person("ada")
key = hallpass("key create --user ada --full-access")
client = hallpass("client create Ledger --redirect-uri https://ledger.example/cb")
planted = [key["api_secret"], client["client_secret"]]
last = "0" if planted[0][-1] != "0" else "1"
near_misses = [planted[0][:-1] + last, planted[0][:-1], planted[0] + "x", "hp_sk_" + "x" * 49, key["api_key"]]

plugin = Path("hallpass_plugin.py")
plugin.write_text(rules("detect-secrets"))
found_in = Path("found.env")
found_in.write_text("\n".join(f"SECRET={text}" for text in planted + near_misses) + "\n")
settings = {"plugins_used": [{"name": "HallpassDetector", "path": f"file://{plugin.resolve()}"}]}
secrets = SecretsCollection()
with transient_settings(settings):
    secrets.scan_file(str(found_in))
found = {secret.secret_value for _, secret in secrets}
check("detect-secrets finds what was planted", found >= set(planted))
check("and nothing that only looks like it", found == set(planted))

gitleaks = tomllib.loads(rules("gitleaks"))["rules"]
# gitleaks looks for a rule's keywords first, then for its expression, of whose groups secretGroup is the secret.
text = "\n".join([f"token: {planted[0]}", f"secret='{planted[1]}'", f"{key['api_key']}:{key['api_secret']}", near_misses[1]])
hits = set()
for rule in gitleaks:
    if any(keyword in text for keyword in rule["keywords"]):
        hits |= {(rule["id"], match[rule["secretGroup"]]) for match in re.finditer(rule["regex"], text)}
expected = {
    ("hallpass-api-secret", planted[0]),
    ("hallpass-client-secret", planted[1]),
    ("hallpass-api-key-pair", f"{key['api_key']}:{key['api_secret']}"),
}
check("gitleaks' rules find what was planted, each by its name", hits == expected)
check("each rule says where to report what it finds", all("/api/v1/leaked-secrets" in rule["description"] for rule in gitleaks))

report = requests.post(f"{SERVER}/api/v1/leaked-secrets", json={"secret": found.intersection([planted[0]]).pop(), "found_at": "found.env, line 1"})
check("what was found is known to the server", report.json() == {"known": True})
pair = f"token {key['api_key']}:{key['api_secret']}"
me = requests.get(f"{SERVER}/api/v1/me", headers={"Authorization": pair})
check("and opens nothing any more", me.status_code == 401)
