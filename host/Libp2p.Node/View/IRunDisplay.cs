using Microsoft.Extensions.Logging;

namespace Libp2p.Node.View;

/// <summary>How a node that runs is shown: as lines, or as a live view. Disposing gives the terminal back.</summary>
internal interface IRunDisplay : IDisposable
{
    /// <summary>Says where logs go.</summary>
    void Configure(ILoggingBuilder logging);

    /// <summary>Shows the node until the second token says so. Never throws for what the output does.</summary>
    /// <param name="running">The node.</param>
    /// <param name="events">What happens in it; ends with <paramref name="until"/>.</param>
    /// <param name="stopping">Cancelled once the node was asked to stop.</param>
    /// <param name="until">Cancelled once it has stopped.</param>
    Task ShowAsync(RunningNode running, IAsyncEnumerable<NodeEvent> events, CancellationToken stopping, CancellationToken until);

    /// <summary>Says that the node has stopped.</summary>
    void Stopped(RunningNode running);
}
