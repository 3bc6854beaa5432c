#!/usr/bin/env python3
"""Asks Dovecot 2.3 what templates expand to and writes variables.txt: a template, a tab, its text.

The templates come from templates.txt. Each becomes a field of a static passdb of a private Dovecot, which sends it in
the OK of one login. Needs root and the packages dovecot-core and python3.
"""
import base64, os, shutil, socket, subprocess, tempfile, time

here = os.path.dirname(os.path.abspath(__file__))
templates = [line.rstrip("\n") for line in open(f"{here}/templates.txt") if line.strip()]
directory = tempfile.mkdtemp(prefix="gp-variables-")
os.chmod(directory, 0o755)
args = " ".join(f"f{i}=<{template}" for i, template in enumerate(templates)).replace("\\", "\\\\").replace('"', '\\"')
open(f"{directory}/private.conf", "w").write(f"""
base_dir = {directory}
state_dir = {directory}/state
log_path = {directory}/log
protocols =
ssl = no
auth_username_format = %u
auth_username_chars =
auth_failure_delay = 0
import_environment = $import_environment FOO=baR
passdb {{
  driver = static
  args = "password=p {args}"
}}
userdb {{
  driver = static
}}
service auth {{
  unix_listener auth-client {{
    mode = 0666
  }}
}}
""")
dovecot = subprocess.Popen(["/usr/sbin/dovecot", "-F", "-c", f"{directory}/private.conf"])
try:
    for _ in range(500):
        if os.path.exists(f"{directory}/auth-client"):
            break
        time.sleep(0.01)
    client = socket.socket(socket.AF_UNIX)
    client.connect(f"{directory}/auth-client")
    stream = client.makefile("rwb")
    stream.write(b"VERSION\t1\t2\nCPID\t4711\n")
    response = base64.b64encode("\0Value.1234@Example.com@last\0p".encode()).decode()
    stream.write((
        "AUTH\t1\tPLAIN\tservice=smtp\tlip=192.0.2.1\trip=2001:db8::7\tlport=25\trport=4242\tsession=S1\tsecured=tls"
        "\tvalid-client-cert\tlocal_name=mail.example\tclient_id=me\treal_rip=198.51.100.3\treal_lport=2525"
        f"\tresp={response}\n").encode())
    stream.flush()
    for line in stream:
        if line.startswith(b"FAIL"):
            raise SystemExit(line.decode() + open(f"{directory}/log").read())
        if line.startswith(b"OK"):
            break
    fields = dict(word.split("=", 1) for word in line.decode().rstrip("\n").split("\t")[2:] if "=" in word)
    with open(f"{here}/variables.txt", "w") as output:
        for i, template in enumerate(templates):
            value = fields[f"f{i}"]
            for escape, byte in (("1", "\1"), ("t", "\t"), ("r", "\r"), ("n", "\n")):
                value = value.replace("\1" + escape, byte)
            output.write(f"{template}\t{value[1:]}\n")
finally:
    dovecot.terminate()
    dovecot.wait()
    shutil.rmtree(directory)
