"""Route 53 of the lab: moto, with the rule of the service for change batches, and with a memory that outlives it.

moto-server.py --port 5000 --state FOLDER --zone ID=NAME [--zone ID=NAME ...]

moto 5.2.5 takes a DELETE for exact when such a record was ever there, also when it is another one by now, deletes every set
of an identifier whatever its name, and lets a CREATE pass over a record that exists. The service compares with what is there
now, and applies all changes of a batch or none. Each accepted batch is on disk before it is
answered, so that a killed server comes back with what it has said.

Of S3, moto looks whether an object is there and puts it in two steps; the service does both at once, which "If-None-Match: *" is
for. So puts wait for each other here.

Who may not, moto tells in a shape that is none of Route 53's.

One thing is added, for runbooks name their zones by id: CreateHostedZone with the caller reference "id=ZONE" gives the zone this
id, and the records that such a zone had.
"""

import argparse
import json
import os
import threading

from moto.core.exceptions import AccessDeniedError
from moto.iam import access_control
from moto.route53.exceptions import Route53ClientError
from moto.route53.models import FakeZone, RecordSet, Route53Backend, route53_backends
from moto.s3.responses import S3Response
from moto.server import main

ACCOUNT = "123456789012"
one_batch_at_a_time = threading.Lock()
one_put_at_a_time = threading.Lock()
moto_create_zone = Route53Backend.create_hosted_zone
moto_put_object = S3Response.put_object


class InvalidChangeBatch(Route53ClientError):
    def __init__(self, message: str) -> None:
        super().__init__("InvalidChangeBatch", message)


class AccessDenied(AccessDeniedError):
    def __init__(self, user_arn: str, action: str) -> None:
        super().__init__(user_arn=user_arn, action=action)
        self.description = self.description.replace("<Errors>", "").replace("</Errors>", "")


def put_object(response: S3Response) -> tuple:
    with one_put_at_a_time:
        return moto_put_object(response)


def name_of(record_set: dict) -> str:
    return record_set["Name"].lower().rstrip(".") + "."


def key_of(record_set: dict) -> tuple:
    return (name_of(record_set), record_set["Type"], record_set.get("SetIdentifier"))


def records_of(record_set: dict) -> list:
    return sorted(r["Value"] if isinstance(r, dict) else r for r in record_set.get("ResourceRecords") or [])


def content_of(record_set: dict) -> dict:
    """What must be the same for a DELETE; the order of values means nothing."""
    alias = record_set.get("AliasTarget")
    fields = ("TTL", "Weight", "Failover", "HealthCheckId", "Region", "MultiValueAnswer")
    content = {field: record_set.get(field) for field in fields if record_set.get(field) is not None}
    for number in ("TTL", "Weight"):
        if number in content:
            content[number] = int(content[number])
    if alias is not None:
        content["AliasTarget"] = (
            alias["HostedZoneId"],
            alias["DNSName"].lower().rstrip("."),
            str(alias.get("EvaluateTargetHealth", False)).lower(),
        )
    content["ResourceRecords"] = records_of(record_set)
    return content


def apply(there: dict, changes: list) -> dict:
    """One change after the other, or none of them."""
    sets = dict(there)
    for change in changes:
        action, record_set = change["Action"], change["ResourceRecordSet"]
        key = key_of(record_set)
        what = f"resource record set [name='{key[0]}', type='{key[1]}'" + (
            f", set-identifier='{key[2]}']" if key[2] else "]"
        )
        if action == "DELETE":
            if key not in sets:
                raise InvalidChangeBatch(f"[Tried to delete {what} but it was not found]")
            if content_of(sets[key]) != content_of(record_set):
                raise InvalidChangeBatch(
                    f"[Tried to delete {what} but the values provided do not match the current values]"
                )
            del sets[key]
        elif action == "CREATE" and key in sets:
            raise InvalidChangeBatch(f"[Tried to create {what} but it already exists]")
        else:
            simple = [k for k in sets if k[:2] == key[:2] and (k[2] is None) != (key[2] is None)]
            if simple:
                raise InvalidChangeBatch(f"[{what} cannot stand beside one with another routing policy]")
            refuse_failover(sets, key, record_set)
            sets[key] = record_set
    return sets


def refuse_failover(sets: dict, key: tuple, record_set: dict) -> None:
    role = record_set.get("Failover")
    if role is None:
        return
    if role == "PRIMARY" and not record_set.get("AliasTarget") and not record_set.get("HealthCheckId"):
        raise InvalidChangeBatch("[A non-alias primary ResourceRecordSet must have an associated health check.]")
    if any(k[:2] == key[:2] and k != key and s.get("Failover") == role for k, s in sets.items()):
        raise InvalidChangeBatch(f"[There is another {role} set of [name='{key[0]}', type='{key[1]}']]")


class Lab:
    def __init__(self, folder: str) -> None:
        self.file = os.path.join(folder, "record-sets.json")
        self.zones: dict = {}
        if os.path.exists(self.file):
            with open(self.file, encoding="utf8") as state:
                stored = json.load(state)
            self.zones = {zone: {key_of(s): s for s in sets} for zone, sets in stored.items()}

    def open_zone(self, zone_id: str, name: str) -> None:
        backend = route53_backends[ACCOUNT]["aws"]
        self.give_id(backend, moto_create_zone(backend, name + ".", private_zone=False), zone_id)

    def create_zone(self, backend: Route53Backend, name: str, private_zone: bool, **more: str) -> FakeZone:
        zone = moto_create_zone(backend, name, private_zone, **more)
        reference = more.get("caller_reference") or ""
        if reference.startswith("id="):
            self.give_id(backend, zone, reference[len("id=") :])
        return zone

    def give_id(self, backend: Route53Backend, zone: FakeZone, zone_id: str) -> None:
        del backend.zones[zone.resource_id]
        zone.resource_id = zone_id
        backend.zones[zone_id] = zone
        self.serve(zone, self.zones.setdefault(zone_id, {}))

    def change(self, backend: Route53Backend, zone_id: str, changes: list) -> None:
        with one_batch_at_a_time:
            zone = backend.get_hosted_zone(zone_id)
            sets = apply(self.zones.setdefault(zone.resource_id, {}), changes)
            self.zones[zone.resource_id] = sets
            with open(self.file + ".tmp", "w", encoding="utf8") as state:
                json.dump({zone: list(sets.values()) for zone, sets in self.zones.items()}, state)
            os.replace(self.file + ".tmp", self.file)
            self.serve(zone, sets)

    def serve(self, zone: FakeZone, sets: dict) -> None:
        """Hands moto the record sets as they are now."""
        own = [rrset for rrset in zone.rrsets if rrset.type in ("NS", "SOA")]
        zone.rrsets = own + [
            RecordSet({**s, "Name": name_of(s), "ResourceRecords": [r["Value"] for r in s.get("ResourceRecords") or []]})
            for s in sets.values()
        ]


def serve() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", required=True)
    parser.add_argument("--state", required=True)
    parser.add_argument("--zone", action="append", default=[])
    arguments = parser.parse_args()
    lab = Lab(arguments.state)
    for zone in arguments.zone:
        lab.open_zone(*zone.split("=", 1))
    Route53Backend.create_hosted_zone = lambda backend, name, private_zone, **more: lab.create_zone(
        backend, name, private_zone, **more
    )
    S3Response.put_object = put_object
    access_control.AccessDeniedError = AccessDenied
    Route53Backend.change_resource_record_sets = lambda backend, zone, changes: lab.change(backend, zone, changes)
    main(["-H", "127.0.0.1", "-p", arguments.port])


if __name__ == "__main__":
    serve()
