"""Calls the operations of KMS through boto3 and holds each answer, as it came over the wire, against the service model
of botocore. Prints what it found as JSON on its last line; an assertion that does not hold ends it with an error.

Wants AWS_ENDPOINT_URL_KMS, credentials, and NODE: a Node.js that wraps key material for the import.
"""

import base64
import datetime
import json
import os
import subprocess

import boto3
import botocore
from botocore.config import Config
from botocore.exceptions import ClientError

NUMBER = (int, float)
# Declared by no operation of the service model, yet answered by KMS to any.
COMMON_ERRORS = {"ValidationException", "AccessDeniedException", "ThrottlingException", "SerializationException"}
# AWS answers more than the model declares: CustomerMasterKeySpec says ML_DSA_65 where its type ends with older specs.
OPEN_ENUMS = {"CustomerMasterKeySpec"}
# AWS lists a grant without a name with an empty one, where the model wants a character.
MAY_BE_EMPTY = {"GrantNameType"}
CUSTOM_KEY_STORE_VERBS = ("Connect", "Create", "Delete", "Disconnect", "Update")
# The emulator's own answers, which its README tells as a difference.
BEYOND_THE_MODEL = {
    (name, "UnsupportedOperationException")
    for name in ("DescribeCustomKeyStores", *(f"{verb}CustomKeyStore" for verb in CUSTOM_KEY_STORE_VERBS))
}

called = []
mismatches = []


# --- The second opinion: an answer of the wire against the model -----------------------------------------------------


def compare(shape, value, path):
    """Notes where a JSON value is not what the shape of the service model wants."""

    def wants(fits, what):
        if not fits:
            mismatches.append(f"{path}: {what}, but the answer has {json.dumps(value)[:80]}")
        return fits

    kind = shape.type_name
    if kind == "structure":
        if wants(isinstance(value, dict), "a structure"):
            for name, member in value.items():
                if name in shape.members:
                    compare(shape.members[name], member, f"{path}.{name}")
                else:
                    mismatches.append(f"{path}.{name}: unknown to botocore {botocore.__version__}")
            for name in shape.required_members:
                wants(name in value, f"{name} is required")
    elif kind == "list":
        if wants(isinstance(value, list), "a list"):
            for index, member in enumerate(value):
                compare(shape.member, member, f"{path}[{index}]")
    elif kind == "map":
        if wants(isinstance(value, dict), "a map"):
            for name, member in value.items():
                compare(shape.value, member, f"{path}.{name}")
    elif kind == "blob":
        if wants(isinstance(value, str), "a blob in base64"):
            try:
                compare_size(shape, len(base64.b64decode(value, validate=True)), path)
            except ValueError:
                wants(False, "a blob in base64")
    elif kind == "timestamp":
        wants(isinstance(value, NUMBER) and not isinstance(value, bool) and 1e9 < value < 1e10, "epoch seconds")
    elif kind == "boolean":
        wants(isinstance(value, bool), "a boolean")
    elif kind in ("integer", "long"):
        if wants(isinstance(value, int) and not isinstance(value, bool), "a whole number"):
            compare_size(shape, value, path)
    elif kind == "string":
        if wants(isinstance(value, str), "a string"):
            wants(not shape.enum or shape.name in OPEN_ENUMS or value in shape.enum, f"one of {shape.enum}")
            compare_size(shape, len(value), path)
    else:
        mismatches.append(f"{path}: {kind} is not expected in KMS")


def compare_size(shape, size, path):
    smallest = 0 if shape.name in MAY_BE_EMPTY else shape.metadata.get("min", size)
    largest = shape.metadata.get("max", size)
    if not smallest <= size <= largest:
        mismatches.append(f"{path}: {size} is not from {smallest} to {largest}")


def before_parse(operation_model, response_dict, **_):
    """Sees every answer before botocore takes from it what it knows and drops the rest."""
    name = operation_model.name
    called.append(name)
    headers, body = response_dict["headers"], response_dict["body"]
    if headers.get("content-type") != "application/x-amz-json-1.1":
        mismatches.append(f"{name}: content type {headers.get('content-type')}")
    if len(headers.get("x-amzn-requestid", "")) != 36:
        mismatches.append(f"{name}: request id {headers.get('x-amzn-requestid')}")
    if response_dict["status_code"] >= 400:
        error = json.loads(body)["__type"]
        declared = {shape.name for shape in operation_model.error_shapes}
        if error not in declared | COMMON_ERRORS and (name, error) not in BEYOND_THE_MODEL:
            mismatches.append(f"{name}: does not declare {error}")
    elif operation_model.output_shape is None:
        if body != b"":
            mismatches.append(f"{name}: has no output, but the answer has {body[:80]}")
    else:
        compare(operation_model.output_shape, json.loads(body), name)


# --- Asking ----------------------------------------------------------------------------------------------------------

session = boto3.Session()
session.events.register("before-parse.kms", before_parse)
config = Config(retries={"total_max_attempts": 1})
clients = {}


def kms(region="us-east-1"):
    if region not in clients:
        clients[region] = session.client("kms", region_name=region, config=config)
    return clients[region]


def refusal(call, **parameters):
    """The name of the error that a call ends with."""
    try:
        call(**parameters)
    except ClientError as error:
        assert error.response["ResponseMetadata"]["HTTPStatusCode"] == 400, error.response
        return error.response["Error"]["Code"]
    return None


def create_key(**parameters):
    return kms().create_key(**parameters)["KeyMetadata"]["KeyId"]


def wait_until_enabled(region, key_id):
    while kms(region).describe_key(KeyId=key_id)["KeyMetadata"]["KeyState"] != "Enabled":
        pass


def pages(region, operation, member, **parameters):
    """All items of a list, one to a page; and at least as many pages as items."""
    answers = list(kms(region).get_paginator(operation).paginate(**parameters, PaginationConfig={"PageSize": 1}))
    items = [item for answer in answers for item in answer[member]]
    assert len(answers) >= len(items), (operation, len(answers), len(items))
    return items


def wrapped(parameters, material):
    """Key material, encrypted under the public key of GetParametersForImport with RSAES_OAEP_SHA_256."""
    program = """
      const [key, material] = process.argv.slice(1).map((text) => Buffer.from(text, 'base64'))
      const publicKey = crypto.createPublicKey({ key, format: 'der', type: 'spki' })
      process.stdout.write(crypto.publicEncrypt({ key: publicKey, oaepHash: 'sha256' }, material))
    """
    words = [base64.b64encode(value).decode() for value in (parameters["PublicKey"], material)]
    return subprocess.run([os.environ["NODE"], "-e", program, *words], check=True, stdout=subprocess.PIPE).stdout


# --- A family --------------------------------------------------------------------------------------------------------


def walk_keys():
    key = kms().create_key(MultiRegion=True, Tags=[{"TagKey": "team", "TagValue": "orders"}])["KeyMetadata"]
    key_id = key["KeyId"]
    assert isinstance(key["CreationDate"], datetime.datetime) and key["CreationDate"].tzinfo, key
    assert key["MultiRegionConfiguration"]["ReplicaKeys"] == []

    replica = kms().replicate_key(KeyId=key_id, ReplicaRegion="eu-west-1", Tags=[{"TagKey": "a", "TagValue": "b"}])
    assert replica["ReplicaKeyMetadata"]["KeyState"] == "Creating", replica
    wait_until_enabled("eu-west-1", key_id)

    kms().update_key_description(KeyId=key_id, Description="orders")
    kms().disable_key(KeyId=key_id)
    assert refusal(kms().encrypt, KeyId=key_id, Plaintext=b"x") == "DisabledException"
    kms().enable_key(KeyId=key_id)

    kms().tag_resource(KeyId=key_id, Tags=[{"TagKey": "stage", "TagValue": ""}, {"TagKey": "draft", "TagValue": "y"}])
    kms().untag_resource(KeyId=key_id, TagKeys=["draft"])
    tags = pages("us-east-1", "list_resource_tags", "Tags", KeyId=key_id)
    assert tags == [{"TagKey": "stage", "TagValue": ""}, {"TagKey": "team", "TagValue": "orders"}], tags

    policy = kms().get_key_policy(KeyId=key_id)["Policy"]
    kms().put_key_policy(KeyId=key_id, PolicyName="default", Policy=json.dumps(json.loads(policy)))
    assert pages("us-east-1", "list_key_policies", "PolicyNames", KeyId=key_id) == ["default"]

    kms().enable_key_rotation(KeyId=key_id, RotationPeriodInDays=90)
    kms().rotate_key_on_demand(KeyId=key_id)
    status = kms("eu-west-1").get_key_rotation_status(KeyId=key_id)
    assert isinstance(status["NextRotationDate"], datetime.datetime), status
    while "OnDemandRotationStartDate" in kms().get_key_rotation_status(KeyId=key_id):
        pass
    rotations = pages("us-east-1", "list_key_rotations", "Rotations", KeyId=key_id)
    assert [rotation["RotationType"] for rotation in rotations] == ["ON_DEMAND"], rotations
    kms().list_key_rotations(KeyId=key_id, IncludeKeyMaterial="ALL_KEY_MATERIAL")
    kms().disable_key_rotation(KeyId=key_id)

    kms().update_primary_region(KeyId=key_id, PrimaryRegion="eu-west-1")
    for region in ("us-east-1", "eu-west-1"):
        wait_until_enabled(region, key_id)
    assert refusal(kms().replicate_key, KeyId=key_id, ReplicaRegion="us-west-2") == "UnsupportedOperationException"
    return key_id


def walk_aliases(key_id):
    for name in ("alias/orders", "alias/bills"):
        kms().create_alias(AliasName=name, TargetKeyId=key_id)
    kms().update_alias(AliasName="alias/bills", TargetKeyId=create_key())
    names = [alias["AliasName"] for alias in pages("us-east-1", "list_aliases", "Aliases")]
    assert names == ["alias/bills", "alias/orders"], names
    assert [alias["AliasName"] for alias in kms().list_aliases(KeyId=key_id)["Aliases"]] == ["alias/orders"]
    kms().delete_alias(AliasName="alias/bills")

    listed = {key["KeyId"] for key in pages("us-east-1", "list_keys", "Keys")}
    assert listed == {key["KeyId"] for key in kms().list_keys()["Keys"]} and key_id in listed


def walk_deletion(key_id):
    """Of a family with two members, which is why the primary key has no date."""
    replica = kms().schedule_key_deletion(KeyId=key_id, PendingWindowInDays=7)
    assert isinstance(replica["DeletionDate"], datetime.datetime), replica
    primary = kms("eu-west-1").schedule_key_deletion(KeyId=key_id)
    assert (primary["KeyState"], primary["PendingWindowInDays"]) == ("PendingReplicaDeletion", 30), primary
    assert "DeletionDate" not in primary
    assert kms().describe_key(KeyId=key_id)["KeyMetadata"]["DeletionDate"] == replica["DeletionDate"]
    kms("eu-west-1").describe_key(KeyId=key_id)
    kms().cancel_key_deletion(KeyId=key_id)


# --- Cryptography ----------------------------------------------------------------------------------------------------


def walk_encryption(key_id):
    context = {"order": "17"}
    encrypted = kms().encrypt(KeyId="alias/orders", Plaintext=b"hello", EncryptionContext=context)
    assert kms().encrypt(KeyId=key_id, Plaintext=b"hello")["CiphertextBlob"] != encrypted["CiphertextBlob"]
    there = kms("eu-west-1").decrypt(CiphertextBlob=encrypted["CiphertextBlob"], EncryptionContext=context)
    assert there["Plaintext"] == b"hello" and ":eu-west-1:" in there["KeyId"], there
    again = kms().re_encrypt(
        CiphertextBlob=encrypted["CiphertextBlob"], SourceEncryptionContext=context, DestinationKeyId=create_key()
    )
    assert kms().decrypt(CiphertextBlob=again["CiphertextBlob"])["Plaintext"] == b"hello"

    data_key = kms().generate_data_key(KeyId=key_id, KeySpec="AES_256")
    assert kms().decrypt(CiphertextBlob=data_key["CiphertextBlob"])["Plaintext"] == data_key["Plaintext"]
    assert "Plaintext" not in kms().generate_data_key_without_plaintext(KeyId=key_id, NumberOfBytes=24)
    pair = kms().generate_data_key_pair(KeyId=key_id, KeyPairSpec="ECC_NIST_P256")
    opened = kms().decrypt(CiphertextBlob=pair["PrivateKeyCiphertextBlob"])
    assert opened["Plaintext"] == pair["PrivateKeyPlaintext"]
    kms().generate_data_key_pair_without_plaintext(KeyId=key_id, KeyPairSpec="RSA_2048")
    assert len(kms().generate_random(NumberOfBytes=33)["Plaintext"]) == 33

    rsa = create_key(KeySpec="RSA_2048", KeyUsage="ENCRYPT_DECRYPT")
    algorithm = {"KeyId": rsa, "EncryptionAlgorithm": "RSAES_OAEP_SHA_256"}
    blob = kms().encrypt(Plaintext=b"hello", **algorithm)["CiphertextBlob"]
    assert kms().decrypt(CiphertextBlob=blob, **algorithm)["Plaintext"] == b"hello"
    assert refusal(kms().encrypt, KeyId=key_id, Plaintext=b"x", DryRun=True) == "DryRunOperationException"
    last = kms().get_key_last_usage(KeyId=key_id)
    assert isinstance(last["KeyLastUsage"]["Timestamp"], datetime.datetime), last


SIGNATURES = [
    ("RSA_2048", "RSASSA_PSS_SHA_256"),
    ("ECC_NIST_P384", "ECDSA_SHA_384"),
    ("ECC_SECG_P256K1", "ECDSA_SHA_256"),
    ("ECC_NIST_EDWARDS25519", "ED25519_SHA_512"),
    ("ML_DSA_44", "ML_DSA_SHAKE_256"),
]


def walk_signatures():
    for spec, algorithm in SIGNATURES:
        key_id = create_key(KeySpec=spec, KeyUsage="SIGN_VERIFY", MultiRegion=True)
        named = {"KeyId": key_id, "Message": b"order 17", "SigningAlgorithm": algorithm}
        signature = kms().sign(**named)["Signature"]
        assert kms().verify(Signature=signature, **named)["SignatureValid"] is True
        assert refusal(kms().verify, Signature=signature[::-1], **named) == "KMSInvalidSignatureException"
        assert kms().get_public_key(KeyId=key_id)["SigningAlgorithms"]

    mac_key = create_key(KeySpec="HMAC_384", KeyUsage="GENERATE_VERIFY_MAC")
    named = {"KeyId": mac_key, "Message": b"order 17", "MacAlgorithm": "HMAC_SHA_384"}
    mac = kms().generate_mac(**named)["Mac"]
    assert kms().verify_mac(Mac=mac, **named)["MacValid"] is True

    alice, bob = (create_key(KeySpec="ECC_NIST_P256", KeyUsage="KEY_AGREEMENT") for _ in range(2))
    secrets = [
        kms().derive_shared_secret(
            KeyId=own, KeyAgreementAlgorithm="ECDH", PublicKey=kms().get_public_key(KeyId=other)["PublicKey"]
        )["SharedSecret"]
        for own, other in ((alice, bob), (bob, alice))
    ]
    assert secrets[0] == secrets[1]

    if hasattr(kms(), "encapsulate"):  # since late 2026
        named = {"EncapsulationAlgorithm": "ML_KEM"}
        named["KeyId"] = create_key(KeySpec="ML_KEM_768", KeyUsage="ENCAPSULATE_DECAPSULATE")
        made = kms().encapsulate(**named)
        opened = kms().decapsulate(SharedSecretCiphertextBlob=made["SharedSecretCiphertextBlob"], **named)
        assert opened["SharedSecret"] == made["SharedSecret"]


# --- Grants, imported material, custom key stores --------------------------------------------------------------------


def walk_grants(key_id):
    account = kms().describe_key(KeyId=key_id)["KeyMetadata"]["AWSAccountId"]
    role = f"arn:aws:iam::{account}:role/orders"
    grant = {"KeyId": key_id, "GranteePrincipal": role, "RetiringPrincipal": role, "Operations": ["Encrypt", "Decrypt"]}
    constraints = {"EncryptionContextSubset": {"order": "17"}}
    first = kms().create_grant(**grant, Name="first", Constraints=constraints)
    second = kms().create_grant(**grant)
    assert kms().create_grant(**grant, Name="first", Constraints=constraints)["GrantId"] == first["GrantId"]

    grants = pages("us-east-1", "list_grants", "Grants", KeyId=key_id)
    assert {entry["GrantId"] for entry in grants} == {first["GrantId"], second["GrantId"]}, grants
    assert [entry["Constraints"] for entry in grants if entry["GrantId"] == first["GrantId"]] == [constraints]
    assert len(pages("us-east-1", "list_retirable_grants", "Grants", RetiringPrincipal=role)) == 2
    kms().retire_grant(GrantToken=first["GrantToken"])
    kms().revoke_grant(KeyId=key_id, GrantId=second["GrantId"])
    assert kms().list_grants(KeyId=key_id)["Grants"] == []


def walk_import():
    key_id = create_key(Origin="EXTERNAL")
    parameters = kms().get_parameters_for_import(
        KeyId=key_id, WrappingAlgorithm="RSAES_OAEP_SHA_256", WrappingKeySpec="RSA_2048"
    )
    assert isinstance(parameters["ParametersValidTo"], datetime.datetime), parameters
    until = datetime.datetime.now(datetime.timezone.utc).replace(microsecond=0) + datetime.timedelta(days=30)
    kms().import_key_material(
        KeyId=key_id,
        ImportToken=parameters["ImportToken"],
        EncryptedKeyMaterial=wrapped(parameters, os.urandom(32)),
        ExpirationModel="KEY_MATERIAL_EXPIRES",
        ValidTo=until,
    )
    key = kms().describe_key(KeyId=key_id)["KeyMetadata"]
    assert (key["KeyState"], key["ValidTo"]) == ("Enabled", until), key
    kms().list_key_rotations(KeyId=key_id, IncludeKeyMaterial="ALL_KEY_MATERIAL")
    kms().delete_imported_key_material(KeyId=key_id)
    assert kms().describe_key(KeyId=key_id)["KeyMetadata"]["KeyState"] == "PendingImport"


def walk_custom_key_stores():
    store = {"CustomKeyStoreId": "cks-1234567890abcdef0"}
    for call, parameters in [
        (kms().create_custom_key_store, {"CustomKeyStoreName": "store"}),
        (kms().describe_custom_key_stores, {}),
        (kms().connect_custom_key_store, store),
        (kms().disconnect_custom_key_store, store),
        (kms().update_custom_key_store, store),
        (kms().delete_custom_key_store, store),
    ]:
        assert refusal(call, **parameters) == "UnsupportedOperationException", call


# --- Errors ----------------------------------------------------------------------------------------------------------


def walk_errors():
    missing = "12345678-1234-1234-1234-123456789012"
    try:
        kms().describe_key(KeyId=missing)
        raise AssertionError("no refusal")
    except kms().exceptions.NotFoundException as error:
        assert error.response["Error"]["Message"].endswith(f":key/{missing}' does not exist"), error
        assert error.response["ResponseMetadata"]["HTTPStatusCode"] == 400
    try:
        kms().decrypt(CiphertextBlob=b"no ciphertext")
        raise AssertionError("no refusal")
    except kms().exceptions.InvalidCiphertextException as error:
        assert error.response["Error"]["Message"] == "", error
    assert refusal(kms().create_alias, AliasName="orders", TargetKeyId=missing) == "ValidationException"
    assert refusal(kms().list_keys, Marker="nonsense") == "InvalidMarkerException"
    assert kms().waiter_names == []


def main():
    key_id = walk_keys()
    walk_aliases(key_id)
    walk_encryption(key_id)
    walk_signatures()
    walk_grants(key_id)
    walk_import()
    walk_custom_key_stores()
    walk_errors()
    walk_deletion(key_id)
    known = kms().meta.service_model.operation_names
    report = {"botocore": botocore.__version__, "known": known, "called": called, "mismatches": mismatches}
    print(json.dumps(report))


main()
