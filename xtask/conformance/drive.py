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
        client = IefClient.new_builder().with_credentials(credentials).with_endpoint(self.account["endpoint"]).build()
        # Where its time can be made to pass.
        client.simulator = self.account["endpoint"]
        return client

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


def refused(status, call, *arguments, code=None):
    """Expects a refusal with a status and a code: this one, when one is given."""
    try:
        call(*arguments)
    except ServiceResponseException as error:
        same(error.status_code, status)
        assert error.error_code, f"{call.__name__}: no code"
        same(error.error_code, code or error.error_code)
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


def apps(client, instance, prefix):
    name = f"{prefix}-app"
    tag = model.NodeResTag(key="stage", value="trial")
    new = model.AppDetail(
        name=name, alias="By-the_SDK", description="made by the SDK", icon_url="https://example.com/i.png", tags=[tag],
    )
    request = model.CreateAppRequest(ief_instance_id=instance, body=model.App(app=new))
    made = client.create_app(request).app
    same((made.name, made.alias, made.visibility, made.app_versions), (name, "By-the_SDK", "private", []))
    refused(409, client.create_app, request, code="IEF.104004")
    wrong = model.App(app=model.AppDetail(name="Not-a-name"))
    refused(400, client.create_app, model.CreateAppRequest(ief_instance_id=instance, body=wrong), code="IEF.100011")

    page = model.ListAppsRequest(
        ief_instance_id=instance, name=name, alias="by-the", visibility="private", limit="1", offset="0",
    )
    listed = client.list_apps(page)
    same((listed.count, [app.id for app in listed.apps]), (1, [made.id]))
    wrong = model.ListAppsRequest(ief_instance_id=instance, visibility="moon")
    refused(400, client.list_apps, wrong, code="IEF.100047")
    change = model.UpdateAppBody(app=model.AppUpdate(description="changed 变"))
    client.update_app(model.UpdateAppRequest(ief_instance_id=instance, app_id=made.id, body=change))
    show = model.ShowAppDetailRequest(ief_instance_id=instance, app_id=made.id)
    found = client.show_app_detail(show).app
    same((found.description, found.alias), ("changed 变", "By-the_SDK"))

    app_versions(client, instance, made.id)
    same([version.version for version in client.show_app_detail(show).app.app_versions], ["2.0"])
    delete = model.DeleteAppRequest(ief_instance_id=instance, app_id=made.id)
    client.delete_app(delete)
    refused(404, client.show_app_detail, show, code="IEF.110074")
    refused(404, client.delete_app, delete, code="IEF.110074")


def app_versions(client, instance, app):
    amounts = model.LimitsRequests(cpu=0.1, memory=1024.0, gpu=3.9)
    secret = model.ValueFrom(secret=model.Secrets(name="registry-login", key="password"))
    entry = model.ValueFrom(configmap=model.ConfigsMap(name="mqtt-broker", key="host"))
    new = model.VersionDetail(
        version="v1", image_url="edge-demo-app:latest", arch="arm64", command=["/bin/app"], args=["-v"],
        envs=[
            model.Env(name="PLAIN", value="1"), model.Env(name="SECRET", value_from=secret),
            model.Env(name="ENTRY", value_from=entry), model.Env(name="NODE", field_path="status.hostIP"),
        ],
        volumes=[
            model.Volumes(name="map", type="configMap", source="mqtt-broker", destination="/map", read_only=True),
            model.Volumes(name="tmp", type="emptyDir", source="memory", destination="/tmp", read_only=False),
        ],
        resources=model.Resources(limits=amounts, requests=amounts),
        configs=model.AppConfigs(
            privileged=False, host_network=False, restart_policy="OnFailure",
            ports=[model.Ports(container_port=80, host_port=8080)],
        ),
        liveness_probe=model.ProbeDetail(exec_command="/bin/alive", initial_delay_seconds=5, timeout_seconds=2),
        readiness_probe=model.ProbeDetail(http_get=model.HttpGetDetail(path="/", port=80, scheme="HTTP")),
    )
    request = model.CreateAppVersionsRequest(
        ief_instance_id=instance, app_id=app, body=model.Version(version=new),
    )
    made = client.create_app_versions(request).version
    same((made.version, made.arch, made.args), ("v1", "arm64", ["-v"]))
    same([env.name for env in made.envs], ["PLAIN", "SECRET", "ENTRY", "NODE"])
    same((made.envs[1].value_from.secret.key, made.volumes[1].type), ("password", "emptyDir"))
    same((made.resources.limits.cpu, made.resources.limits.memory), (0.1, 1024))
    same((made.configs.restart_policy, made.configs.ports[0].host_port), ("OnFailure", 8080))
    same((made.liveness_probe.exec_command, made.readiness_probe.http_get.port), ("/bin/alive", 80))
    refused(409, client.create_app_versions, request, code="IEF.104004")
    missing = model.Volumes(name="m", type="secret", source="no-such-secret", destination="/m", read_only=True)
    wrong = model.VersionDetail(version="v3", image_url="a", volumes=[missing])
    wrong = model.CreateAppVersionsRequest(ief_instance_id=instance, app_id=app, body=model.Version(version=wrong))
    refused(400, client.create_app_versions, wrong, code="IEF.100112")

    where = {"ief_instance_id": instance, "app_id": app, "version_id": made.id}
    change = model.UpdataAppVersionBody(version=model.VersionUpdate(args=[], envs=[model.Env(name="ONE", value="2")]))
    changed = client.update_app_version(model.UpdateAppVersionRequest(**where, body=change)).version
    same((len(changed.envs), len(changed.volumes)), (1, 2))
    show = model.ShowAppVersionDetailRequest(**where)
    same(client.show_app_version_detail(show).version.envs[0].value, "2")
    second = model.Version(version=model.VersionDetail(version="2.0", image_url="edge-demo-app:2.0"))
    client.create_app_versions(model.CreateAppVersionsRequest(ief_instance_id=instance, app_id=app, body=second))
    page = model.ListAppVersionsRequest(ief_instance_id=instance, app_id=app, limit="1", offset="1")
    listed = client.list_app_versions(page)
    same((listed.count, [version.id for version in listed.versions]), (2, [made.id]))
    client.delete_app_version(model.DeleteAppVersionRequest(**where))
    refused(404, client.show_app_version_detail, show, code="IEF.110076")


def container_of(name, image, **more):
    return model.ContainerDef(name=name, image_url=image, **more)


def run_of(replicas, *containers, **configs):
    configs = model.PodConfigs(**{"host_network": True, "restart_policy": "Always", **configs})
    template = model.PodRequest(configs=configs, containers=list(containers))
    return {"replicas": replicas, "template": template}


def full_container():
    amounts = {"cpu": "0.25", "memory": "500"}
    probe = model.Probe(http_get=model.HttpGetDetail(path="/", port=80, scheme="HTTP"), initial_delay_seconds=5)
    entry = model.ValueFrom(configmap=model.ConfigsMap(name="mqtt-broker", key="host"))
    return container_of(
        "container-0", "nginx:alpine", args=["-c", "sleep 1000"], command=["/bin/bash"], version="1.0",
        resources=model.DeploymentResources(limits=amounts, requests=amounts), privileged=True,
        envs=[model.Env(name="CERT_PATH", value="/opt/cert"), model.Env(name="HOST", value_from=entry)],
        ports=[model.HostContainerPortMapping(container_port=80, host_port=18080)],
        volumes=[model.Volumes(
            name="login", type="secret", source="registry-login", destination="/login", read_only=True,
        )],
        readiness_probe=probe, liveness_probe=model.Probe(_exec=model.ModelExec(command="true")),
    )


def running_node(client, instance, name):
    """A node that runs, and doesn't fail by itself as some of the seed do."""
    new = model.Node(node=model.EdgeNode(name=name))
    made = client.create_edge_node(model.CreateEdgeNodeRequest(ief_instance_id=instance, body=new)).node
    later(client, 60)
    show = model.ShowEdgeNodeDetailRequest(ief_instance_id=instance, node_id=made.id)
    found = client.show_edge_node_detail(show).node
    same(found.state, "RUNNING")
    return found


def group_of_seed(client, instance):
    page = model.ListEdgeNodesRequest(ief_instance_id=instance, state="RUNNING", limit="1000")
    groups = (node.group_ids[0] for node in client.list_edge_nodes(page).nodes if node.group_ids)
    # The professional edition has none.
    return next(groups, "6a1d7b2e-0000-4000-8000-000000000001")


def deployments(client, instance, prefix):
    name = f"{prefix}-deployment"
    node = running_node(client, instance, f"{prefix}-runs")
    tags = [model.Attributes(key="app", value="v1.0")]
    run = model.CreateAppsInDeploymentV3(**run_of(1, full_container()))
    new = model.Deployment(
        name=name, description="made by the SDK", source="userdefined", node_ids=[node.id], tags=tags, deployment=run,
    )
    request = model.CreateDeploymentsRequest(ief_instance_id=instance, body=new)
    made = client.create_deployments(request)
    same((made.name, made.replicas, made.node_ids, made.api_version), (name, 1, [node.id], "v3"))
    shown = made.template.containers[0]
    same((shown.resources.limits, shown.args), ({"cpu": "0.25", "memory": "500"}, ["-c", "sleep 1000"]))
    same((shown.liveness_probe._exec.command, shown.volumes[0].source), ("true", "registry-login"))
    same((made.tags[0].value, made.template.configs.restart_policy), ("v1.0", "Always"))
    refused(409, client.create_deployments, request, code="IEF.104004")
    empty = model.Deployment(
        name=f"{name}-2", node_ids=[node.id], deployment=model.CreateAppsInDeploymentV3(**run_of(1)),
    )
    wrong = model.CreateDeploymentsRequest(ief_instance_id=instance, body=empty)
    refused(400, client.create_deployments, wrong, code="IEF.100100")
    edition(client, instance, prefix)

    page = model.ListDeploymentsRequest(
        ief_instance_id=instance, name=name, node_id=node.id, sort="created_at:desc", limit=1, offset=0,
    )
    listed = client.list_deployments(page)
    same((listed.count, [deployment.id for deployment in listed.deployments]), (1, [made.id]))
    maps = client.list_secrets(model.ListSecretsRequest(ief_instance_id=instance, name="registry-login"))
    used = model.DeleteSecretRequest(ief_instance_id=instance, secret_id=maps.secrets[0].id)
    refused(409, client.delete_secret, used, code="IEF.100155")

    run = model.UpdatePodDeployment(**run_of(1, container_of("container-0", "nginx:1.27")))
    change = model.UpdateDeployment(description="changed 变", deployment=run)
    client.update_deployment(model.UpdateDeploymentRequest(
        ief_instance_id=instance, deployment_id=made.id, body=change,
    ))
    show = model.ShowDeploymentRequest(ief_instance_id=instance, deployment_id=made.id)
    found = client.show_deployment(show)
    same((found.description, found.template.containers[0].image_url), ("changed 变", "nginx:1.27"))
    pods(client, instance, made.id, node.id)

    delete = model.DeleteDeploymentRequest(ief_instance_id=instance, deployment_id=made.id, force_delete="true")
    client.delete_deployment(delete)
    refused(404, client.show_deployment, show, code="IEF.100404")
    refused(404, client.delete_deployment, delete, code="IEF.100404")


def edition(client, instance, prefix):
    """What one edition offers and the other doesn't."""
    run = model.CreateAppsInDeploymentV3(**run_of(2, container_of("container-0", "nginx"), migration=False))
    line = model.MatchExpression(key="line", operator="Exists")
    wish = model.PreferredSchedulingTerm(
        preference=model.PreferredSchedulingTermPreference(match_expressions=[line]), weight=10,
    )
    run.template.affinity = model.Affinity(node_affinity=model.AffinityNodeAffinity(
        preferred_during_scheduling_ignored_during_execution=[wish],
    ))
    new = model.Deployment(name=f"{prefix}-group", group_id=group_of_seed(client, instance), deployment=run)
    request = model.CreateDeploymentsRequest(ief_instance_id=instance, body=new)
    if instance is None:
        refused(400, client.create_deployments, request, code="IEF.100100")
        return
    made = client.create_deployments(request)
    same((made.replicas, made.group_id), (2, new.group_id))
    wishes = made.template.affinity.node_affinity.preferred_during_scheduling_ignored_during_execution
    same((wishes[0].weight, wishes[0].preference.match_expressions[0].key), (10, "line"))
    found = client.list_pods(model.ListPodsRequest(ief_instance_id=instance, group_id=new.group_id, limit=1000))
    same(sum(pod.deployment_id == made.id for pod in found.pods), 2)
    page = model.ListDeploymentsRequest(ief_instance_id=instance, group_id=new.group_id, limit=100)
    same(made.id in [deployment.id for deployment in client.list_deployments(page).deployments], True)
    client.delete_deployment(model.DeleteDeploymentRequest(ief_instance_id=instance, deployment_id=made.id))


def pods(client, instance, deployment, node):
    page = model.ListPodsRequest(ief_instance_id=instance, deployment_id=deployment, limit=100, offset=0)
    newest = client.list_pods(page).pods[0]
    same((newest.node_id, newest.deployment_id, newest.state), (node, deployment, "PENDING"))
    same((newest.containers[0].image_url, newest.containers[0].restarts), ("nginx:1.27", 0))
    same(newest.containers[0].is_ready, "UNCONFIGURE")
    there = client.list_pods(model.ListPodsRequest(ief_instance_id=instance, node_id=node))
    same(newest.id in [pod.id for pod in there.pods], True)
    several = client.list_pods(model.ListPodsRequest(ief_instance_id=instance, deployment_ids=deployment))
    same(newest.id in [pod.id for pod in several.pods], True)
    refused(400, client.list_pods, model.ListPodsRequest(ief_instance_id=instance), code="IEF.100100")
    both = model.ListPodsRequest(ief_instance_id=instance, node_id=node, deployment_id=deployment)
    refused(400, client.list_pods, both, code="IEF.100100")

    # What still waits for its image can't be restarted.
    where = {"ief_instance_id": instance, "deployment_id": deployment}
    restart = model.RestartDeploymentsPodRequest(pod_name=newest.name, **where)
    refused(400, client.restart_deployments_pod, restart, code="IEF.100100")
    later(client, 60)
    same([pod.state for pod in client.list_pods(page).pods], ["RUNNING"])
    client.restart_deployments_pod(restart)
    same(client.list_pods(page).pods[0].containers[0].restarts, 1)
    client.delete_pod(model.DeletePodRequest(pod_name=newest.name, **where))
    states = {pod.name: pod.state for pod in client.list_pods(page).pods}
    same((len(states), states[newest.name]), (2, "TERMINATING"))
    gone = model.DeletePodRequest(pod_name="nobody", **where)
    refused(404, client.delete_pod, gone, code="IEF.100404")


def later(client, seconds):
    """Lets the simulator's time pass at once."""
    request = urllib.request.Request(
        client.simulator + "/_sim/advance",
        json.dumps({"seconds": seconds}).encode(),
        {"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request) as answer:
        assert answer.status == 200, answer.status


def services(client, instance, prefix):
    name = f"{prefix}-service"
    if instance is None:
        refused(404, client.list_services, model.ListServicesRequest(), code="IEF.011002")
        return
    page = model.ListServicesRequest(ief_instance_id=instance, sorted="name:desc", limit=100, offset=0)
    app = client.list_services(page).services[0].spec.selector["app"]

    def service(selected, **spec):
        port = model.SvcPort(name="http-0", port="8888", target_port="80", protocol="TCP", node_port="")
        spec = model.SvcSpec(cluster_ip="None", ports=[port], selector={"app": selected}, type="", **spec)
        metadata = model.SvcMetadata(name=name, labels={"stage": "trial"})
        return model.Service(service=model.ServiceReqDetail(meta_data=metadata, spec=spec))

    request = model.CreateServiceRequest(ief_instance_id=instance, body=service("nobody"))
    refused(404, client.create_service, request, code="IEF.101003")
    wrong = model.CreateServiceRequest(ief_instance_id=instance, body=service(app, external_name="example.com"))
    refused(400, client.create_service, wrong, code="IEF.101001")
    request = model.CreateServiceRequest(ief_instance_id=instance, body=service(app))
    made = client.create_service(request).service
    same((made.meta_data.name, made.meta_data.labels), (name, {"stage": "trial"}))
    same((made.spec.cluster_ip, made.spec.selector), ("None", {"app": app}))
    same([(port.port, port.target_port, port.protocol) for port in made.spec.ports], [("8888", "80", "TCP")])
    refused(409, client.create_service, request, code="IEF.101002")

    page = model.ListServicesRequest(ief_instance_id=instance, name=name, app=app, limit=1)
    listed = client.list_services(page)
    same((listed.count, [service.id for service in listed.services]), (1, [made.id]))
    changed = service(app)
    changed.service.spec.type = "NodePort"
    changed.service.spec.ports[0].node_port = "30080"
    where = {"ief_instance_id": instance, "service_id": made.id}
    client.update_service(model.UpdateServiceRequest(**where, body=changed))
    show = model.ShowServiceDetailRequest(**where)
    found = client.show_service_detail(show).service
    same((found.spec.type, found.spec.ports[0].node_port), ("NodePort", "30080"))
    delete = model.DeleteServiceRequest(**where)
    client.delete_service(delete)
    refused(404, client.show_service_detail, show, code="IEF.100404")
    refused(404, client.delete_service, delete, code="IEF.100404")


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

    deployment = client.list_deployments(model.ListDeploymentsRequest(ief_instance_id=instance, limit=1)).deployments[0]
    app = client.list_apps(model.ListAppsRequest(ief_instance_id=instance, limit=1)).apps[0]
    for kind, thing in [("ief-deployment", deployment), ("ief-application", app)]:
        query = model.Tags(action="filter", matches=[model.Matches(key="resource_name", value=thing.name)])
        request = model.ListResourceByTagsRequest(ief_instance_id=instance, resource_type=kind, body=query)
        same(thing.id in [found.resource_id for found in client.list_resource_by_tags(request).resources], True)
        one = {"ief_instance_id": instance, "resource_type": kind, "resource_id": thing.id}
        before = client.list_tags(model.ListTagsRequest(**one)).count
        client.create_tag(model.CreateTagRequest(**one, body=model.CreateTagRequestBody(tag=tag)))
        same(client.list_tags(model.ListTagsRequest(**one)).count, before + 1)
        client.delete_resource_tag(model.DeleteResourceTagRequest(**one, key=prefix))
        nobody = model.ListTagsRequest(ief_instance_id=instance, resource_type=kind, resource_id=node.id)
        refused(404, client.list_tags, nobody)


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


def batch_jobs(client, instance, prefix):
    new = model.Node(node=model.EdgeNode(name=f"{prefix}-target"))
    node = client.create_edge_node(model.CreateEdgeNodeRequest(ief_instance_id=instance, body=new)).node
    # Until it has connected, with the newest software.
    later(client, 30)
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
    later(client, 30)
    job = client.show_batch_job(show)
    same((job.status, job.task_success_count, job.task_failed_count), ("Successful", 1, 0))
    same((job.targets[0].extension_info[0].value, job.tasks[0].target_id), (node.name, node.id))
    same((job.tasks[0].status, job.tasks[0].extension_info[0].key), ("Successful", "deployment_id"))
    deployed(client, instance, job.tasks[0].extension_info[0].value, node, prefix)

    listing = model.ListBatchJobRequest(
        ief_instance_id=instance, job_type="deployment_deploy", limit=1, sort="created_at:desc",
    )
    listed = client.list_batch_job(listing)
    same((type(listed.job_count), [job.job_id for job in listed.jobs]), (int, [made.job_id]))
    # One that fails: the node has the newest software.
    content = model.JobContentInfo(target_type="node", targets=[target])
    new = model.BatchJobRequest(job_name=f"{prefix}-up", job_type="node_upgrade", job_content=content)
    failing = client.create_batch_job(model.CreateBatchJobRequest(ief_instance_id=instance, body=new)).job_id
    later(client, 10)
    other = {"ief_instance_id": instance, "job_id": failing}
    failed = client.show_batch_job(model.ShowBatchJobRequest(**other))
    same((failed.status, failed.tasks[0].status), ("Failed", "Failed"))
    assert failed.tasks[0].reason, "no reason"
    client.retry_batch_job(model.RetryBatchJobRequest(**other))
    same(client.show_batch_job(model.ShowBatchJobRequest(**other)).status, "Running")
    for job in [one, other]:
        client.delete_batch_job(model.DeleteBatchJobRequest(**job))
        refused(404, client.show_batch_job, model.ShowBatchJobRequest(**job))


def deployed(client, instance, deployment, node, prefix):
    """What a job has deployed is a deployment as any other, and can be changed by a job."""
    show = model.ShowDeploymentRequest(ief_instance_id=instance, deployment_id=deployment)
    found = client.show_deployment(show)
    same((found.node_ids, found.template.containers[0].image_url), ([node.id], "sample:latest"))
    page = model.ListDeploymentsRequest(ief_instance_id=instance, node_id=node.id)
    same([found.id for found in client.list_deployments(page).deployments], [deployment])
    there = client.list_pods(model.ListPodsRequest(ief_instance_id=instance, node_id=node.id))
    same([pod.deployment_id for pod in there.pods], [deployment])
    container = {"name": "container-1", "version": "next", "image_url": "sample:next"}
    run = {"deployment": {"replicas": 1, "template": {"containers": [container]}}}
    content = model.JobContentInfo(
        target_type="deployment", targets=[model.Target(target_id=deployment)], task_data=json.dumps(run),
    )
    new = model.BatchJobRequest(job_name=f"{prefix}-next", job_type="deployment_upgrade", job_content=content)
    job = client.create_batch_job(model.CreateBatchJobRequest(ief_instance_id=instance, body=new)).job_id
    later(client, 30)
    one = {"ief_instance_id": instance, "job_id": job}
    same(client.show_batch_job(model.ShowBatchJobRequest(**one)).status, "Successful")
    same(client.show_deployment(show).template.containers[0].image_url, "sample:next")
    client.delete_batch_job(model.DeleteBatchJobRequest(**one))
    client.delete_deployment(model.DeleteDeploymentRequest(ief_instance_id=instance, deployment_id=deployment))


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
    same("edge-proxy-bj" in [deployment.name for deployment in listed.edge_groups[0].deployments], True)
    used = model.DeleteEdgeGroupRequest(ief_instance_id=instance, group_id=listed.edge_groups[0].id)
    refused(409, client.delete_edge_group, used, code="IEF.100100")
    run = model.CreateAppsInDeploymentV3(**run_of(1, container_of("container-0", "nginx"), migration=False))
    nowhere = model.Deployment(name=f"{prefix}-lost", group_id="6a1d7b2e-0000-4000-8000-000000000001", deployment=run)
    request = model.CreateDeploymentsRequest(ief_instance_id=instance, body=nowhere)
    refused(404, client.create_deployments, request, code="IEF.100404")

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
    nodes, devices, templates, apps, deployments, tags, endpoints, rules, system_events, services, products, batch_jobs,
    groups, encrypted_data,
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
