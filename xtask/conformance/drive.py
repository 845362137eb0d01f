"""Drives the simulator with the official SDK, unchanged but for its endpoint.

Usage: drive.py IEF_SIM
"""

import base64
import datetime
import io
import json
import os
import subprocess
import sys
import tarfile
import urllib.request

from huaweicloudsdkcore.auth.credentials import BasicCredentials
from huaweicloudsdkcore.exceptions.exceptions import ServiceResponseException
from huaweicloudsdkcore.signer.signer import Signer
from huaweicloudsdkief.v1 import IefClient
from huaweicloudsdkief.v1 import model

# The simulator is on this computer, whatever the environment says about proxies.
os.environ["NO_PROXY"] = "127.0.0.1,localhost"


# The SDK asks for credentials of its own class, so what differs is put into the object.


def by_token(token, project_id):
    """Sends a token instead of a signature."""
    credentials = BasicCredentials("unused", "unused", project_id)

    def send_token(request):
        request.header_params["X-Auth-Token"] = token
        Signer.process_request_uri(request)
        return request

    credentials.sign_request = send_token
    return credentials


def stale(credentials):
    """Signs with a time long gone."""
    sign = credentials.sign_request

    def sign_late(request):
        then = datetime.datetime.utcnow() - datetime.timedelta(hours=1)
        request.header_params["X-Sdk-Date"] = then.strftime("%Y%m%dT%H%M%SZ")
        return sign(request)

    credentials.sign_request = sign_late
    return credentials


def forging(credentials):
    """Changes the body after it was signed."""
    sign = credentials.sign_request

    def forge(request):
        signed = sign(request)
        assert b"honest" in signed.body
        signed.body = signed.body.replace(b"honest", b"forged")
        return signed

    credentials.sign_request = forge
    return credentials


class Simulator:
    def __init__(self, binary, *options):
        self.process = subprocess.Popen([binary, "--seed", "7", "--nodes", "40", *options], stdout=subprocess.PIPE)
        self.account = json.loads(self.process.stdout.readline())

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()

    def client(self, credentials):
        return IefClient.new_builder().with_credentials(credentials).with_endpoint(self.account["endpoint"]).build()

    def key(self, **changes):
        account = {**self.account, **changes}
        return BasicCredentials(account["access_key"], account["secret_key"], account["project_id"])

    def temporary(self):
        pair = self.account["temporary"]
        credentials = BasicCredentials(pair["access_key"], pair["secret_key"], self.account["project_id"])
        return credentials.with_security_token(pair["security_token"])

    def token(self):
        account = self.account
        user = {"name": account["user"], "password": account["password"], "domain": {"name": account["domain"]}}
        body = {"auth": {
            "identity": {"methods": ["password"], "password": {"user": user}},
            "scope": {"project": {"id": account["project_id"]}},
        }}
        request = urllib.request.Request(
            account["iam_endpoint"] + "/v3/auth/tokens",
            json.dumps(body).encode(),
            {"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request) as answer:
            assert answer.status == 201, answer.status
            return by_token(answer.headers["X-Subject-Token"], account["project_id"])


def same(found, expected):
    if found != expected:
        raise AssertionError(f"found {found!r} instead of {expected!r}")


def refused(status, call, *arguments):
    """Expects a refusal with a status and a code."""
    try:
        call(*arguments)
    except ServiceResponseException as error:
        same(error.status_code, status)
        assert error.error_code, f"{call.__name__}: no code"
        assert error.request_id, f"{call.__name__}: no request id"
        return
    raise AssertionError(f"{call.__name__} was accepted")


def unpacked(package):
    """The files of a package, by name."""
    with tarfile.open(fileobj=io.BytesIO(base64.b64decode(package)), mode="r:gz") as archive:
        return {file.name: archive.extractfile(file).read().decode() for file in archive}


def nodes(client, instance, prefix):
    name = f"{prefix}-node"
    tag = model.NodeResTag(key="site", value="北京")
    new = model.EdgeNode(name=name, description="made by the SDK", enable_docker=True, tags=[tag])
    request = model.CreateEdgeNodeRequest(ief_instance_id=instance, body=model.Node(node=new))
    made = client.create_edge_node(request).node
    same(made.name, name)
    same(made.state, "UNCONNECTED")
    refused(409, client.create_edge_node, request)

    listed = client.list_edge_nodes(model.ListEdgeNodesRequest(ief_instance_id=instance, name=name))
    same((listed.count, [node.id for node in listed.nodes]), (1, [made.id]))
    seen = set()
    total = client.list_edge_nodes(model.ListEdgeNodesRequest(ief_instance_id=instance, limit="1")).count
    for offset in range(0, total, 10):
        page = model.ListEdgeNodesRequest(ief_instance_id=instance, limit="10", offset=str(offset))
        seen.update(node.id for node in client.list_edge_nodes(page).nodes)
    same(len(seen), total)

    change = model.EdgeNodeUpdate(description="changed 变", ntp_servers=["10.0.0.1"])
    body = model.UpdateEdgeNodeBody(node=change)
    client.update_edge_node(model.UpdateEdgeNodeRequest(ief_instance_id=instance, node_id=made.id, body=body))
    show = model.ShowEdgeNodeDetailRequest(ief_instance_id=instance, node_id=made.id)
    found = client.show_edge_node_detail(show).node
    same((found.description, found.tags[0].value), ("changed 变", "北京"))

    delete = model.DeleteEdgeNodeRequest(ief_instance_id=instance, node_id=made.id)
    client.delete_edge_node(delete)
    refused(404, client.show_edge_node_detail, show)


def property_of(value):
    return model.ValueInAttributes(value=value, optional=True, metadata=model.Metadata(type="string"))


def twin_of(value):
    # The SDK spells it like the reference's tables; its examples say "expected".
    return model.ValueInTwin(
        excepted=model.Excepted(value=value), optional=True, metadata=model.Metadata(type="string"),
    )


def devices(client, instance, prefix):
    name = f"{prefix}-device"
    new = model.EdgemgrDevicesDetail(
        name=name, description="made by the SDK", access_protocol="userdefine",
        attributes={"serial": property_of("42")}, twin={"speed": twin_of("slow")},
    )
    request = model.CreateDeviceRequest(ief_instance_id=instance, body=model.EdgemgrDevices(device=new))
    made = client.create_device(request).device
    same((made.name, made.attributes["serial"].value), (name, "42"))
    refused(409, client.create_device, request)

    listed = client.list_devices(model.ListDevicesRequest(ief_instance_id=instance, name=name))
    same((listed.count, [device.id for device in listed.devices]), (1, [made.id]))

    change = model.EdgemgrDevicesPara(description="changed 变", attributes={"serial": property_of("43")})
    body = model.EdgemgrDevicesUpdate(device=change)
    client.update_device(model.UpdateDeviceRequest(ief_instance_id=instance, device_id=made.id, body=body))
    show = model.ShowDeviceRequest(ief_instance_id=instance, device_id=made.id)
    found = client.show_device(show).device
    same((found.description, found.attributes["serial"].value), ("changed 变", "43"))

    client.delete_device(model.DeleteDeviceRequest(ief_instance_id=instance, device_id=made.id))
    refused(404, client.show_device, show)


def templates(client, instance, prefix):
    name = f"{prefix}-template"
    new = model.EdgemgrDeviceReq(
        name=name, description="made by the SDK", access_protocol="userdefine",
        attributes={"camera": property_of("127.0.0.1")}, twin={"state": twin_of("on")},
    )
    body = model.DeviceTemplate(device_template=new)
    request = model.CreateDeviceTemplateRequest(ief_instance_id=instance, body=body)
    made = client.create_device_template(request).device_template
    same((made.name, made.attributes["camera"].value), (name, "127.0.0.1"))
    refused(409, client.create_device_template, request)

    listed = client.list_device_templates(model.ListDeviceTemplatesRequest(ief_instance_id=instance, name=name))
    same((listed.count, [template.id for template in listed.device_templates]), (1, [made.id]))

    change = model.DeviceTemplateUpdateDetail(description="changed 变")
    client.update_device_template_by_id(model.UpdateDeviceTemplateByIdRequest(
        ief_instance_id=instance, device_template_id=made.id,
        body=model.DeviceTemplateUpdate(device_template=change),
    ))
    show = model.ShowDeviceTemplateRequest(ief_instance_id=instance, device_template_id=made.id)
    same(client.show_device_template(show).device_template.description, "changed 变")

    delete = model.DeleteDeviceTemplateRequest(ief_instance_id=instance, device_template_id=made.id)
    client.delete_device_template(delete)
    refused(404, client.show_device_template, show)


def endpoint_named(client, instance, name):
    found = client.list_endpoints(model.ListEndpointsRequest(ief_instance_id=instance, name=name))
    return found.endpoints[0].id


def endpoints(client, instance, prefix):
    name = f"{prefix}-endpoint"
    new = model.EndpointObj(
        name=name, description="made by the SDK", type="servicebus", properties={"service_port": "8080"},
    )
    request = model.CreateEndpointRequest(ief_instance_id=instance, body=model.Endpoint(endpoint=new))
    made = client.create_endpoint(request).endpoint
    same((made.name, made.is_shared, made.properties), (name, False, {"service_port": 8080}))
    refused(409, client.create_endpoint, request)

    page = model.ListEndpointsRequest(
        ief_instance_id=instance, name=name, type="servicebus", is_shared="false", limit=1, offset=0,
    )
    listed = client.list_endpoints(page)
    same((listed.count, [endpoint.id for endpoint in listed.endpoints]), (1, [made.id]))
    show = model.ShowEndPointDetailRequest(ief_instance_id=instance, endpoint_id=made.id)
    same(client.show_end_point_detail(show).endpoint.description, "made by the SDK")

    client.delete_end_point(model.DeleteEndPointRequest(ief_instance_id=instance, endpoint_id=made.id))
    refused(404, client.show_end_point_detail, show)


def rules(client, instance, prefix):
    name = f"{prefix}-rule"
    target = endpoint_named(client, instance, "line-controller")
    new = model.RuleConfig(
        name=name, description="made by the SDK", source=endpoint_named(client, instance, "SystemREST"),
        source_resource={"path": f"/{prefix}"}, target=target, target_resource={"path": "/v1"},
    )
    request = model.CreateRuleRequest(ief_instance_id=instance, body=model.RuleDetail(rule=new))
    made = client.create_rule(request).rule
    same((made.name, made.in_using, made.target.id), (name, True, target))
    same((made.source_resource, made.success_messages), ({"path": f"/{prefix}"}, 0))
    refused(409, client.create_rule, request)
    used = model.DeleteEndPointRequest(ief_instance_id=instance, endpoint_id=target)
    refused(409, client.delete_end_point, used)

    listed = client.list_rules(model.ListRulesRequest(ief_instance_id=instance, name=name, limit=1))
    same((listed.count, [rule.id for rule in listed.rules]), (1, [made.id]))
    show = model.ShowRuleDetailRequest(ief_instance_id=instance, rule_id=made.id)
    stop = model.StopRuleRequest(ief_instance_id=instance, rule_id=made.id)
    client.stop_rule(stop)
    refused(409, client.stop_rule, stop)
    same(client.show_rule_detail(show).rule.in_using, False)
    client.start_rule(model.StartRuleRequest(ief_instance_id=instance, rule_id=made.id))
    same(client.show_rule_detail(show).rule.in_using, True)
    # The seed's rules have failed before.
    seeded = client.list_rules(model.ListRulesRequest(ief_instance_id=instance, name="orders-to-lines")).rules[0]
    wanted = model.ListRuleErrorsRequest(ief_instance_id=instance, rule_id=seeded.id, limit=1)
    errors = client.list_rule_errors(wanted)
    same([error.rule_id for error in errors.errors], [seeded.id])

    client.delete_rule(model.DeleteRuleRequest(ief_instance_id=instance, rule_id=made.id))
    refused(404, client.show_rule_detail, show)


def system_events(client, instance, prefix):
    name = f"{prefix}-event"
    target = endpoint_named(client, instance, "maintenance-api")
    new = model.EventCreateDetail(
        name=name, description="made by the SDK", events="edgeNode/online,instance/all", target=target,
        target_resource=model.EndpointResource(resource="https://maintenance.example.com"),
    )
    body = model.EventCreateReq(systemevent=new)
    request = model.CreateSystemEventRequest(ief_instance_id=instance, body=body)
    made = client.create_system_event(request).systemevent
    same((made.name, made.in_using, made.target.id, made.delete_at), (name, True, target, 0))
    same(made.target_resource, {"resource": "https://maintenance.example.com"})
    refused(409, client.create_system_event, request)

    listed = client.list_system_events(model.ListSystemEventsRequest(ief_instance_id=instance, name=name, limit=1))
    same((listed.count, [event.id for event in listed.systemevents]), (1, [made.id]))
    show = model.ShowSystemEventDetailRequest(ief_instance_id=instance, event_id=made.id)
    client.stop_system_event(model.StopSystemEventRequest(ief_instance_id=instance, event_id=made.id))
    same(client.show_system_event_detail(show).systemevent.in_using, False)
    start = model.StartSystemEventRequest(ief_instance_id=instance, event_id=made.id)
    client.start_system_event(start)
    refused(409, client.start_system_event, start)

    client.delete_system_event(model.DeleteSystemEventRequest(ief_instance_id=instance, event_id=made.id))
    refused(404, client.show_system_event_detail, show)


def tags(client, instance, prefix):
    new = model.EdgeNode(name=f"{prefix}-tagged", tags=[model.NodeResTag(key="site", value="bj")])
    request = model.CreateEdgeNodeRequest(ief_instance_id=instance, body=model.Node(node=new))
    node = client.create_edge_node(request).node
    one = {"ief_instance_id": instance, "resource_type": "ief-edge_node", "resource_id": node.id}
    tag = model.ResourceTag(key=prefix, value="北京")
    client.create_tag(model.CreateTagRequest(**one, body=model.CreateTagRequestBody(tag=tag)))
    change = model.BachTags(action="create", tags=[model.ResourceTag(key="line", value="l9")])
    client.batch_add_delete_tags(model.BatchAddDeleteTagsRequest(**one, body=change))
    listed = client.list_tags(model.ListTagsRequest(**one))
    found = [(tag.key, tag.value) for tag in listed.tags]
    same((listed.count, found), (3, [("site", "bj"), (prefix, "北京"), ("line", "l9")]))

    kind = {"ief_instance_id": instance, "resource_type": "ief-edge_node"}
    wanted = model.Tag(key=prefix, values=["*京"])
    query = model.Tags(action="filter", tags=[wanted], limit="10", offset="0")
    found = client.list_resource_by_tags(model.ListResourceByTagsRequest(**kind, body=query))
    same((found.total_count, found.resources[0].resource_id), (1, node.id))
    same((found.resources[0].resource_name, found.resources[0].tags[0].key), (f"{prefix}-tagged", "site"))
    query = model.Tags(action="count", not_tags=[wanted])
    counted = client.list_resource_by_tags(model.ListResourceByTagsRequest(**kind, body=query))
    same(type(counted.total_count), int)
    everything = client.list_tags_by_resource_type(model.ListTagsByResourceTypeRequest(**kind))
    same([tag.values for tag in everything.tags if tag.key == prefix], [["北京"]])
    query = model.Tags(action="filter", tags=[model.Tag(key="k", values=["*"])])
    refused(400, client.list_resource_by_tags, model.ListResourceByTagsRequest(**kind, body=query))

    change = model.BachTags(action="delete", tags=[model.ResourceTag(key="line", value="l9")])
    client.batch_add_delete_tags(model.BatchAddDeleteTagsRequest(**one, body=change))
    delete = model.DeleteResourceTagRequest(**one, key=prefix)
    client.delete_resource_tag(delete)
    refused(404, client.delete_resource_tag, delete)
    same(client.list_tags(model.ListTagsRequest(**one)).count, 1)
    client.delete_edge_node(model.DeleteEdgeNodeRequest(ief_instance_id=instance, node_id=node.id))
    refused(404, client.list_tags, model.ListTagsRequest(**one))


def products(client, instance, prefix):
    attribute = model.ProductAttributes(value="K-1", metadata=model.ProductMetadata(type="string"))
    new = model.ProductRequest(
        name=f"{prefix}-kits", description="made by the SDK", attributes={"model": attribute},
        tags=[model.Attributes(key="fleet", value="kit")],
    )
    body = model.ProductCreateRequest(product=new)
    request = model.CreateProductRequest(ief_instance_id=instance, body=body)
    made = client.create_product(request).product
    same((made.name, made.attributes["model"].value, type(made.created_at)), (f"{prefix}-kits", "K-1", int))
    packed = unpacked(made.package)
    same(packed["private_cert.key"], made.private_key)
    assert made.identifier, "no credential"
    refused(409, client.create_product, request)
    wrong = model.ProductCreateRequest(product=model.ProductRequest(name="Not_A_Name"))
    refused(400, client.create_product, model.CreateProductRequest(ief_instance_id=instance, body=wrong))

    page = model.ListProductsRequest(ief_instance_id=instance, limit=1, offset=0, sort="created_at:desc")
    listed = client.list_products(page)
    same((listed.count, [product.id for product in listed.products]), (4, [made.id]))
    show = model.ShowProductDetailRequest(ief_instance_id=instance, product_id=made.id)
    same(client.show_product_detail(show).product.tags[0].value, "kit")
    client.delete_product(model.DeleteProductRequest(ief_instance_id=instance, product_id=made.id))
    refused(404, client.show_product_detail, show)


def advance(simulator, seconds):
    """Lets simulated time pass at once."""
    body = json.dumps({"seconds": seconds}).encode()
    headers = {"Content-Type": "application/json"}
    with urllib.request.urlopen(urllib.request.Request(simulator + "/_sim/advance", body, headers)):
        pass


def batch_jobs(client, instance, prefix):
    new = model.Node(node=model.EdgeNode(name=f"{prefix}-target"))
    node = client.create_edge_node(model.CreateEdgeNodeRequest(ief_instance_id=instance, body=new)).node
    # Until it has connected, with the newest software.
    advance(client._endpoints[0], 30)
    target = model.Target(
        target_id=node.id, extension_info=[model.Extension(key="node_name", value=node.name)],
    )
    # What the reference's example deploys.
    container = {"name": "container-1", "version": "latest", "image_url": "sample:latest"}
    deployment = {"replicas": 1, "template": {"containers": [container]}, "tags": [], "description": ""}
    content = model.JobContentInfo(
        target_type="node", targets=[target], task_data=json.dumps({"deployment": deployment}),
    )
    new = model.BatchJobRequest(
        job_name=f"{prefix}-job", job_type="deployment_deploy", job_content=content, tags=[], description="",
    )
    request = model.CreateBatchJobRequest(ief_instance_id=instance, body=new)
    made = client.create_batch_job(request)
    same((made.job_name, type(made.created_at)), (f"{prefix}-job", int))
    refused(409, client.create_batch_job, request)
    one = {"ief_instance_id": instance, "job_id": made.job_id}
    show = model.ShowBatchJobRequest(**one)
    same(client.show_batch_job(show).status, "Waiting")

    client.stop_batch_job(model.StopBatchJobRequest(**one))
    same(client.show_batch_job(show).status, "Stopped")
    refused(400, client.retry_batch_job, model.RetryBatchJobRequest(**one))
    client.restore_batch_job(model.RestoreBatchJobRequest(**one))
    advance(client._endpoints[0], 30)
    job = client.show_batch_job(show)
    same((job.status, job.task_success_count, job.task_failed_count), ("Successful", 1, 0))
    same((job.targets[0].extension_info[0].value, job.tasks[0].target_id), (node.name, node.id))
    same((job.tasks[0].status, job.tasks[0].extension_info[0].key), ("Successful", "deployment_id"))

    listing = model.ListBatchJobRequest(
        ief_instance_id=instance, job_type="deployment_deploy", limit=1, sort="created_at:desc",
    )
    listed = client.list_batch_job(listing)
    same((type(listed.job_count), [job.job_id for job in listed.jobs]), (int, [made.job_id]))
    # One that fails: the node has the newest software.
    content = model.JobContentInfo(target_type="node", targets=[target])
    new = model.BatchJobRequest(job_name=f"{prefix}-up", job_type="node_upgrade", job_content=content)
    failing = client.create_batch_job(model.CreateBatchJobRequest(ief_instance_id=instance, body=new)).job_id
    advance(client._endpoints[0], 10)
    other = {"ief_instance_id": instance, "job_id": failing}
    failed = client.show_batch_job(model.ShowBatchJobRequest(**other))
    same((failed.status, failed.tasks[0].status), ("Failed", "Failed"))
    assert failed.tasks[0].reason, "no reason"
    client.retry_batch_job(model.RetryBatchJobRequest(**other))
    same(client.show_batch_job(model.ShowBatchJobRequest(**other)).status, "Running")
    for job in [one, other]:
        client.delete_batch_job(model.DeleteBatchJobRequest(**job))
        refused(404, client.show_batch_job, model.ShowBatchJobRequest(**job))


def groups(client, instance, prefix):
    listing = model.ListEdgeGroupsRequest(ief_instance_id=instance, name="plant-", limit=2, sort="name:asc")
    if not instance:
        # Groups are for platinum instances only.
        refused(404, client.list_edge_groups, listing)
        return
    listed = client.list_edge_groups(listing)
    same((listed.count, [group.name for group in listed.edge_groups]), (16, ["plant-bj", "plant-cd"]))
    member = listed.edge_groups[0].nodes[0]
    other = listed.edge_groups[1].nodes[0]
    same(type(listed.edge_groups[0].cpu), int)

    name = f"{prefix}-组"
    new = model.EdgeGroupRequest(
        name=name, description="made by the SDK", node_ids=[member.id, "nobody"],
        tags=[model.Attributes(key="site", value="bj")],
    )
    request = model.CreateEdgeGroupRequest(ief_instance_id=instance, body=new)
    made = client.create_edge_group(request)
    same((made.name, made.success_node_add, made.failed_node_add), (name, [member.id], ["nobody"]))
    same((made.tags[0].key, [node.name for node in made.nodes]), ("site", [member.name]))
    refused(409, client.create_edge_group, request)
    wrong = model.EdgeGroupRequest(name="not a name")
    refused(400, client.create_edge_group, model.CreateEdgeGroupRequest(ief_instance_id=instance, body=wrong))

    change = model.EdgeGroupUpdateRequest(description="changed 变")
    update = model.UpdateEdgeGroupRequest(ief_instance_id=instance, group_id=made.id, body=change)
    same(client.update_edge_group(update).description, "changed 变")
    change = model.UpdateGroupNodeBindingRequest(add_node_ids=[other.id], remove_node_ids=[member.id])
    bind = model.UpdateEdgeGroupNodeBindingRequest(ief_instance_id=instance, group_id=made.id, body=change)
    bound = client.update_edge_group_node_binding(bind)
    same((bound.success_node_add, bound.success_node_del), ([other.id], [member.id]))
    show = model.ShowEdgeGroupDetailRequest(ief_instance_id=instance, group_id=made.id)
    shown = client.show_edge_group_detail(show)
    same(([node.id for node in shown.nodes], shown.cpu), ([other.id], other.cpu))

    new = model.EdgeGroupCertRequest(name="mqtt", type="application", description="made by the SDK")
    request = model.CreateEdgeGroupCertRequest(ief_instance_id=instance, group_id=made.id, body=new)
    certificate = client.create_edge_group_cert(request)
    same((certificate.group_id, certificate.type, certificate.is_deleted), (made.id, "application", False))
    packed = unpacked(certificate.package)
    same(packed["private_cert.key"], certificate.private_key)
    same(packed["private_cert.crt"], certificate.certificate)
    refused(409, client.create_edge_group_cert, request)
    listing = model.ListEdgeGroupCertsRequest(ief_instance_id=instance, group_id=made.id, limit=1)
    # The SDK leaves this answer as it is.
    same(client.list_edge_group_certs(listing).body["groupcerts"][0]["id"], certificate.id)
    one = {"ief_instance_id": instance, "group_id": made.id, "group_cert_id": certificate.id}
    detail = model.ShowEdgeGroupCertDetailRequest(**one)
    found = client.show_edge_group_cert_detail(detail)
    same((found.certificate, found.private_key), (certificate.certificate, None))
    client.delete_edge_group_cert(model.DeleteEdgeGroupCertRequest(**one))
    refused(404, client.show_edge_group_cert_detail, detail)

    client.delete_edge_group(model.DeleteEdgeGroupRequest(ief_instance_id=instance, group_id=made.id))
    refused(404, client.show_edge_group_detail, show)


def encrypted_data(client, instance, prefix):
    new = model.Node(node=model.EdgeNode(name=f"{prefix}-bound"))
    node = client.create_edge_node(model.CreateEdgeNodeRequest(ief_instance_id=instance, body=new)).node
    items = [
        model.EncryptDataItem(name="user", value="operator", is_encrypted=True),
        model.EncryptDataItem(name="unit", value="7", is_encrypted=False),
    ]
    new = model.EncryptDataIn(name=f"{prefix}-logins", description="made by the SDK", config=items)
    body = model.EncryptDataReq(encrypt_data=new)
    request = model.CreateEncryptdatasRequest(ief_instance_id=instance, body=body)
    made = client.create_encryptdatas(request).encrypt_data
    same((made.name, made.ief_instance_id), (f"{prefix}-logins", instance or "default"))
    same((type(made.created_time), made.config[1].value, made.config[1].is_encrypted), (int, "7", False))
    assert made.config[0].value != "operator", "a value comes back"
    refused(409, client.create_encryptdatas, request)
    wrong = model.EncryptDataReq(encrypt_data=model.EncryptDataIn(name="Not_A_Name"))
    refused(400, client.create_encryptdatas, model.CreateEncryptdatasRequest(ief_instance_id=instance, body=wrong))

    change = model.EncryptDataIn(name=made.name, description="changed 变", config=made.config)
    body = model.EncryptDataReq(encrypt_data=change)
    one = {"ief_instance_id": instance, "encryptdata_id": made.id}
    client.update_encryptdatas(model.UpdateEncryptdatasRequest(**one, body=body))
    show = model.ShowEncryptdatasRequest(**one)
    found = client.show_encryptdatas(show).encrypt_data
    same((found.description, found.config[0].value), ("changed 变", made.config[0].value))
    listing = model.ListEncryptdatasRequest(ief_instance_id=instance, name=made.name, limit=1, offset=0)
    listed = client.list_encryptdatas(listing)
    same((listed.count, [data.id for data in listed.encrypt_datas]), (1, [made.id]))

    body = model.EncryptDataNodeReq(encrypt_datas=[made.id])
    of_node = {"ief_instance_id": instance, "node_id": node.id}
    client.create_node_encryptdatas(model.CreateNodeEncryptdatasRequest(**of_node, body=body))
    bound = client.list_node_encryptdatas(model.ListNodeEncryptdatasRequest(**of_node, limit=1))
    same((bound.count, [data.id for data in bound.encrypt_datas]), (1, [made.id]))
    nodes_of = client.list_encryptdata_nodes(model.ListEncryptdataNodesRequest(**one))
    same((nodes_of.count, [node.name for node in nodes_of.nodes]), (1, [node.name]))
    delete = model.DeleteEncryptdatasRequest(**one)
    refused(409, client.delete_encryptdatas, delete)
    unbind = model.DeleteNodeEncryptdatasRequest(**of_node, encryptdata_id=made.id)
    client.delete_node_encryptdatas(unbind)
    refused(404, client.delete_node_encryptdatas, unbind)
    client.delete_encryptdatas(delete)
    refused(404, client.show_encryptdatas, show)


RESOURCES = [
    nodes, devices, templates, tags, endpoints, rules, system_events, products, batch_jobs, groups, encrypted_data,
]


def refusals(simulator, instance):
    listing = model.ListEdgeNodesRequest(ief_instance_id=instance)
    wrong = simulator.key(secret_key="not the secret key")
    unknown = simulator.key(access_key="NOBODY")
    late = stale(simulator.key())
    token = by_token("made up", simulator.account["project_id"])
    for credentials in [wrong, unknown, late, token]:
        refused(401, simulator.client(credentials).list_edge_nodes, listing)
    forger = simulator.client(forging(simulator.key()))
    node = model.Node(node=model.EdgeNode(name="honest-node"))
    refused(401, forger.create_edge_node, model.CreateEdgeNodeRequest(ief_instance_id=instance, body=node))
    # What the forger wanted does not exist.
    forged = model.ListEdgeNodesRequest(ief_instance_id=instance, name="forged-node")
    same(simulator.client(simulator.key()).list_edge_nodes(forged).count, 0)


def slash(simulator, instance):
    """The SDK encodes a slash in an identifier, and signs it as a separator."""
    missing = model.ShowEdgeNodeDetailRequest(ief_instance_id=instance, node_id="a/b")
    refused(404, simulator.client(simulator.key()).show_edge_node_detail, missing)


def main():
    binary = sys.argv[1]
    failed = 0
    for edition in ["platinum", "professional"]:
        with Simulator(binary, "--edition", edition) as simulator:
            instance = simulator.account["instance_id"] or None
            ways = {"signature": simulator.key(), "temporary": simulator.temporary(), "token": simulator.token()}
            checks = [
                (f"{resource.__name__} by {way}", resource, (simulator.client(credentials), instance, way))
                for way, credentials in ways.items()
                for resource in RESOURCES
            ]
            checks.append(("refusals", refusals, (simulator, instance)))
            checks.append(("a slash in an identifier", slash, (simulator, instance)))
            for name, check, arguments in checks:
                try:
                    check(*arguments)
                    print(f"ok      {edition}: {name}")
                except Exception as error:  # Every check is reported, whatever went wrong.
                    failed += 1
                    print(f"FAILED  {edition}: {name}: {type(error).__name__}: {error}")
    if failed:
        sys.exit(f"{failed} checks failed")


main()
