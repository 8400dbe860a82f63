"""Over TLS with the files of deploy/: who the broker is, who we are, and who may say what."""

from __future__ import annotations

import re
import ssl
import subprocess
from collections.abc import Generator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from pydantic import SecretStr

from api.mqtt import Bridge, Misconfigured
from api.mqtt import bridge as bridges
from api.mqtt.link import Link, secured
from domain.facilities import DeviceKind
from domain.mqtt import routes
from models import Event
from models.keys import admit
from settings import Settings
from tests.broker import Broker, Machine, a_machine, program
from tests.builders import a_company_serving, a_compound, a_device
from tests.waiting import until

from .conftest import Begin, a_message, stored

DEPLOYED = Path(__file__).resolve().parents[3] / "deploy" / "mosquitto"


@dataclass
class Papers:
    """Certificates and keys in a folder, signed by an authority of its own."""

    folder: Path

    def __post_init__(self) -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "authority")])
        certificate = self._signed("authority", self._key, authority=True)
        self.path("ca.crt").write_bytes(certificate)

    def path(self, name: str) -> Path:
        return self.folder / name

    def issue(self, name: str, password: bytes = b"") -> None:
        """NAME.crt and NAME.key, for a machine or, with the address of this one, for a server."""
        key = ec.generate_private_key(ec.SECP256R1())
        locked = serialization.BestAvailableEncryption(password) if password else serialization.NoEncryption()
        form = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, locked)
        self.path(f"{name}.key").write_bytes(key.private_bytes(*form))
        self.path(f"{name}.crt").write_bytes(self._signed(name, key))

    def _signed(self, name: str, key: ec.EllipticCurvePrivateKey, *, authority: bool = False) -> bytes:
        now = datetime.now(UTC)
        builder = (
            x509.CertificateBuilder()
            .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]))
            .issuer_name(self._name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(days=1))
            .not_valid_after(now + timedelta(days=1))
            .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
        )
        address = "127.0.0.1" if name == "server" else "192.0.2.1"
        builder = builder.add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address(address))]), critical=False)
        return builder.sign(self._key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)

    def context(self, name: str = "") -> ssl.SSLContext:
        """What a machine connects with: it knows the authority and, with a name, shows its certificate."""
        context = ssl.create_default_context(cafile=self.path("ca.crt"))
        if name:
            context.load_cert_chain(self.path(f"{name}.crt"), self.path(f"{name}.key"))
        return context


@pytest.fixture(scope="module")
def papers(tmp_path_factory: pytest.TempPathFactory) -> Papers:
    made = Papers(tmp_path_factory.mktemp("papers"))
    for name in ("server", "elsewhere", "steward-bridge"):
        made.issue(name)
    made.issue("locked", b"a password")
    return made


def deployed(folder: Path, papers: Papers, *, server: str = "server", certificates: bool = False) -> str:
    """The configuration of deploy/ with files of ours: all but where it listens and keeps what waits."""
    lines = (DEPLOYED / "mosquitto.conf").read_text().splitlines()
    if certificates:
        lines = [line for line in lines if not line.startswith("password_file")]
        lines = [re.sub("^#(cafile|require_certificate|use_identity)", r"\1", line) for line in lines]
    kept = [line for line in lines if not line.startswith(("listener", "persistence_location", "log_dest"))]
    text = "\n".join(kept).replace("server.", f"{server}.")
    (folder / "acl").write_text((DEPLOYED / "acl").read_text())
    for name in (f"{server}.crt", f"{server}.key", "ca.crt"):
        text = text.replace(f"/mosquitto/config/{name}", str(papers.path(name)))
    return text.replace("/mosquitto/config", str(folder)) + "\n"


def allow(folder: Path, **passwords: str) -> None:
    """A file of passwords as mosquitto_passwd makes it."""
    told = folder / "passwords"
    told.write_text("".join(f"{name}:{password}\n" for name, password in passwords.items()))
    told.chmod(0o600)
    subprocess.run([program("mosquitto_passwd"), "-U", str(told)], check=True, capture_output=True)


@pytest.fixture
def broker(tmp_path: Path, papers: Papers, request: pytest.FixtureRequest) -> Generator[Broker]:
    allow(tmp_path, **{"steward-bridge": "of the bridge", "ORG-A": "of A", "ORG-B": "of B"})
    started = Broker(tmp_path, deployed(tmp_path, papers, **getattr(request, "param", {})))
    started.start()
    yield started
    started.end()


@pytest.fixture
async def companies(database: Settings) -> None:
    """Two, of which each serves a compound with a device of its letter's code, and may speak through the broker."""
    for code in ("ORG-A", "ORG-B"):
        compound = await a_compound()
        company = await a_company_serving(compound, code=code)
        await a_device(compound, code=f"DEV-{code[-1]}", kind=DeviceKind.HYDRANT_PRESSURE)
        await admit(company)


def secret(broker: Broker, papers: Papers, **more: object) -> dict[str, object]:
    """Settings of a bridge that comes to the broker over TLS, by name and password."""
    by_name = {"mqtt_user": "steward-bridge", "mqtt_password": SecretStr("of the bridge")}
    return {"mqtt_url": f"mqtts://127.0.0.1:{broker.port}", "mqtt_ca_file": papers.path("ca.crt"), **by_name, **more}


async def test_each_speaks_for_itself_and_hears_of_itself_only(
    broker: Broker, papers: Papers, companies: None, begin: Begin
) -> None:
    def machine(letter: str) -> AbstractContextManager[Machine]:
        return a_machine(broker.port, user=f"ORG-{letter}", password=f"of {letter}", security=papers.context())

    with machine("A") as first, machine("B") as second:
        first.listen("steward/rejected/v1/ORG-A")
        second.listen("steward/rejected/v1/#")
        second.listen("steward/#")
        async with begin(**secret(broker, papers)):
            for topic in ("steward/v1/ORG-A/DEV-A", "steward/rejected/v1/ORG-A"):
                with machine("B") as forger:
                    forger.try_to_publish(topic, a_message(id="forged"))
            first.publish("steward/v1/ORG-A/DEV-A", a_message(id="bad", data={}))
            first.publish("steward/v1/ORG-A/DEV-A", a_message(id="mine"))
            second.publish("steward/v1/ORG-B/DEV-B", a_message(id="mine"))
            assert await stored(2) == ["mine", "mine"]
            await until(lambda: first.heard, what="what was rejected")
        assert [told["results"][0]["id"] for _, told in first.heard] == ["bad"]
        assert second.heard == []


@pytest.mark.parametrize("broker", [{"certificates": True}], indirect=True)
async def test_certificates_stand_in_for_passwords(broker: Broker, papers: Papers, companies: None, begin: Begin) -> None:
    papers.issue("ORG-A")
    own = {"mqtt_certificate_file": papers.path("steward-bridge.crt"), "mqtt_key_file": papers.path("steward-bridge.key")}
    a, forger = (a_machine(broker.port, security=papers.context("ORG-A")) for _ in range(2))
    with a as machine:
        async with begin(**secret(broker, papers, mqtt_user="", mqtt_password=None, **own)):
            with forger as other:
                other.try_to_publish("steward/v1/ORG-B/DEV-B", a_message(id="forged"))
            machine.publish("steward/v1/ORG-A/DEV-A", a_message(id="mine"))
            assert await stored(1) == ["mine"]
            assert (await Event.get()).subject == "DEV-A"


async def test_a_broker_that_lets_us_publish_nothing_makes_no_message_come_for_ever(
    broker: Broker,
    papers: Papers,
    companies: None,
    begin: Begin,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(bridges, "_FIRST_WAIT", 0.02)
    with a_machine(broker.port, user="ORG-A", password="of A", security=papers.context()) as machine:
        async with begin(**secret(broker, papers, mqtt_rejected_topic="elsewhere/{organisation}")):
            machine.publish("steward/v1/ORG-A/DEV-A", b"{}")
            machine.publish("steward/v1/ORG-A/DEV-A", a_message(id="good"))
            assert await stored(1) == ["good"]
    assert 1 <= capsys.readouterr().out.count("rejected what came") <= 2


@pytest.mark.parametrize("broker", [{"server": "elsewhere"}], indirect=True)
async def test_a_broker_under_another_name_is_not_believed(broker: Broker, papers: Papers, settings: Settings) -> None:
    assert "IP address mismatch" in await problem(settings, **secret(broker, papers))


async def test_a_broker_whom_nobody_vouches_for_is_not_believed(broker: Broker, papers: Papers, settings: Settings) -> None:
    assert "unable to get local issuer" in await problem(settings, **secret(broker, papers, mqtt_ca_file=None))


async def test_a_wrong_password_is_said(broker: Broker, papers: Papers, settings: Settings) -> None:
    assert "Not authorized" in await problem(settings, **secret(broker, papers, mqtt_password=SecretStr("wrong")))


async def problem(settings: Settings, **changes: object) -> str:
    """Why a connection does not come to be, or ends by itself."""
    changed = settings.model_copy(update=changes)
    link = Link(changed, routes(changed.mqtt_routes), secured(changed))
    await link.run()
    assert not link.ready.is_set()
    return link.problem


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"mqtt_url": ""}, "Set STEWARD_MQTT_URL"),
        ({"mqtt_url": "mqtt://broker.example", "mqtt_password": SecretStr("x")}, "over TLS only"),
        ({"mqtt_url": "mqtt://127.0.0.1", "mqtt_ca_file": "ca.crt"}, "Certificates are for TLS"),
        ({"mqtt_certificate_file": "steward-bridge.crt"}, "or neither"),
        ({"mqtt_ca_file": "missing.crt"}, "MQTT_CA_FILE cannot be read"),
        ({"mqtt_ca_file": "server.key"}, "MQTT_CA_FILE cannot be read"),
        ({"mqtt_certificate_file": "server.crt", "mqtt_key_file": "steward-bridge.key"}, "cannot be used"),
        ({"mqtt_certificate_file": "locked.crt", "mqtt_key_file": "locked.key"}, "cannot be used"),
        ({"mqtt_certificate_file": "missing.crt", "mqtt_key_file": "server.key"}, "cannot be used"),
        ({"mqtt_rejected_topic": "steward/v1/{organisation}/rejected"}, "choose another"),
    ],
)
async def test_settings_that_give_something_away_or_cannot_be_used_are_refused(
    papers: Papers, changes: dict[str, object], told: str
) -> None:
    files = {name: papers.path(str(value)) for name, value in changes.items() if name.endswith("_file")}
    given = Settings().model_copy(update={"mqtt_url": "mqtts://broker.example", **changes, **files})
    with pytest.raises(Misconfigured, match=told):
        Bridge(given)
