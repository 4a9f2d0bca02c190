using Libp2p.Node.Output;
using Microsoft.Extensions.Logging;

namespace Libp2p.Node.View;

/// <summary>Lines on standard output, for people or (<c>--json</c>) programs; logs on standard error.</summary>
internal sealed class LineDisplay(Settings settings, TextWriter output) : IRunDisplay
{
    public void Configure(ILoggingBuilder logging) => NodeComposition.LogToErrors(logging);

    public Task ShowAsync(RunningNode running, IAsyncEnumerable<NodeEvent> events, CancellationToken stopping, CancellationToken until)
    {
        Banner.Print(running.Hosted, settings, output);
        return EventLines.PrintAsync(events, settings, output);
    }

    public void Stopped(RunningNode running)
    {
        if (settings.Json) JsonLine.Write(output, json => json.WriteString("event", "stopped"));
        else output.WriteLine("stopped");
    }

    public void Dispose()
    {
    }
}
