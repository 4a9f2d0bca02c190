using System.Text.Json;

namespace Libp2p.Node.Control.Verbs;

/// <summary><c>stop</c>: the node stops as on SIGTERM. The answer comes at once; the end of the connection says that the node has gone.</summary>
internal sealed class StopVerb(RunningNode running) : IControlVerb
{
    public string Name => "stop";

    public ValueTask AnswerAsync(JsonElement request, Utf8JsonWriter answer, CancellationToken cancellationToken)
    {
        answer.WriteNumber("pid", Environment.ProcessId);
        running.Stop();
        return ValueTask.CompletedTask;
    }
}
