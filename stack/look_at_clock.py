"""The doctor at Temporal: is it there, and does the path node take its tasks."""

from temporalio.api.enums.v1 import TaskQueueType
from temporalio.api.taskqueue.v1 import TaskQueue
from temporalio.api.workflowservice.v1 import DescribeTaskQueueRequest
from temporalio.service import ConnectConfig, RPCError, ServiceClient

from stack.findings import Check, well, wrong
from workflows.wake import TASK_QUEUE

NAMESPACE = "default"


async def look_at_temporal(address: str) -> list[Check]:
    """Everything that can be asked of Temporal. Who took tasks in the last minutes counts as being there."""
    try:
        client = await ServiceClient.connect(ConnectConfig(target_host=address))
        if not await client.check_health():
            return [wrong("temporal", "temporal", cause="not serving")]
        request = DescribeTaskQueueRequest(
            namespace=NAMESPACE,
            task_queue=TaskQueue(name=TASK_QUEUE),
            task_queue_type=TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW,
        )
        queue = await client.workflow_service.describe_task_queue(request)
    except (RuntimeError, RPCError, OSError) as error:
        return [wrong("temporal", "temporal", cause=type(error).__name__)]
    if not queue.pollers:
        return [wrong("worker_missing", "temporal/worker", queue=TASK_QUEUE)]
    return [well("temporal", "temporal")]
