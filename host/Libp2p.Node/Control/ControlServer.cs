using System.Net.Sockets;
using Microsoft.Extensions.Logging;

namespace Libp2p.Node.Control;

/// <summary>
/// Serves the control socket until disposed: first nobody new comes in and the data folder is given back, then the clients are dropped. A client that asked
/// for a stop thus sees the end of its connection once the next node can start. Thread-safe.
/// </summary>
internal sealed class ControlServer : IAsyncDisposable
{
    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromSeconds(1);

    private readonly IControlListener _listener;
    private readonly ControlVerbs _verbs;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly CancellationTokenSource _unbind = new();
    private readonly CancellationTokenSource _drop = new();
    private readonly HashSet<Task> _sessions = []; // guarded by itself
    private readonly Task _accepting;

    /// <summary>Begins to serve.</summary>
    /// <param name="listener">Where clients come in; disposed with the server.</param>
    /// <param name="verbs">What they can ask.</param>
    /// <param name="time">The clock of the deadlines.</param>
    /// <param name="log">Told of what keeps clients from coming in.</param>
    public ControlServer(IControlListener listener, ControlVerbs verbs, TimeProvider time, ILogger log)
    {
        (_listener, _verbs, _time, _log) = (listener, verbs, time, log);
        _accepting = AcceptAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _unbind.CancelAsync().ConfigureAwait(false);
        await _accepting.ConfigureAwait(false);
        _listener.Dispose();
        await _drop.CancelAsync().ConfigureAwait(false);
        Task[] sessions;
        lock (_sessions) sessions = [.. _sessions];
        await Task.WhenAll(sessions).ConfigureAwait(false);
        _unbind.Dispose();
        _drop.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_unbind.IsCancellationRequested)
        {
            try
            {
                Serve(await _listener.AcceptAsync(_unbind.Token).ConfigureAwait(false));
            }
            catch (Exception e) when (e is IOException or SocketException or UnauthorizedAccessException)
            {
                // Out of handles, as a rule: others may give some back.
                _log.ControlAcceptFailed(e);
                await Task.Delay(PauseAfterFailure, _time, _unbind.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private void Serve(Stream client)
    {
        var session = new ControlSession(client, _verbs, _time);
        var ended = new TaskCompletionSource();
        lock (_sessions)
        {
            if (_sessions.Count >= ControlLimits.MaxClients)
            {
                _ = session.RefuseAsync($"The node has {ControlLimits.MaxClients} clients on its control socket already.", "ask again once one of them has left.");
                return;
            }

            _sessions.Add(ended.Task);
        }

        _ = RunAsync(session, ended);
    }

    private async Task RunAsync(ControlSession session, TaskCompletionSource ended)
    {
        try
        {
            await session.RunAsync(_drop.Token).ConfigureAwait(false);
        }
        finally
        {
            lock (_sessions) _sessions.Remove(ended.Task);
            ended.SetResult();
        }
    }
}
