using Libp2p.Multiformats;

namespace Libp2p.Swarm.Tests.Dialing.Simulated;

/// <summary>How the dial of an address ends.</summary>
internal enum Ending
{
    Connect,
    Refuse,

    /// <summary>Never, until it is given up.</summary>
    Silence,

    /// <summary>Before anything was awaited.</summary>
    Throw,

    /// <summary>Never, not even when it is given up; <see cref="ScriptedTransport.Release"/> lets it be refused.</summary>
    Stuck,
}

/// <summary>What an address does when it is dialed.</summary>
/// <param name="Ending">How it ends.</param>
/// <param name="After">When.</param>
/// <param name="Who">Who answers; null: who is expected, else identity 90.</param>
internal sealed record Script(Ending Ending, TimeSpan After = default, NodeIdentity? Who = null, ConnectionLimits? Limits = null);

/// <summary>One dial that came.</summary>
internal sealed record ScriptedDial(Multiaddr Address, TimeSpan At, DialContext Context)
{
    public TimeSpan? Ended { get; set; }

    public bool WasGivenUp { get; set; }
}

/// <summary>Dials every address that needs no resolving as a script says, in virtual time; it connects with nobody but plays that it does.</summary>
/// <param name="scriptOf">What an address does.</param>
/// <param name="cutOf">Done once an address that is cut off now is not any more; null: it is not cut off.</param>
internal sealed class ScriptedTransport(Func<Multiaddr, Script> scriptOf, Func<Multiaddr, Task?> cutOf) : IMultiplexedTransport
{
    private readonly Dictionary<PeerId, int> _ofPeer = [];
    private readonly List<ScheduledCompletion<bool>> _stuck = [];
    private int _now;
    private int _direct;

    public List<ScriptedDial> Dials { get; } = [];

    /// <summary>The most dials at once.</summary>
    public int Most { get; private set; }

    /// <summary>The most of them that were not through a relay.</summary>
    public int MostDirect { get; private set; }

    /// <summary>The most dials of one peer at once.</summary>
    public int MostOfPeer { get; private set; }

    public int Now => _now;

    public List<ScriptedConnection> Connections { get; } = [];

    public IEnumerable<string> Addresses => Dials.Select(static dial => dial.Address.ToString());

    public int DialRank(Multiaddr address) => address.IsResolvable ? 0 : 1;

    public bool CanListen(Multiaddr address) => false;

    public async ValueTask<ISecureConnection> DialAsync(Multiaddr remote, DialContext context, CancellationToken cancellationToken = default)
    {
        var runtime = context.Runtime;
        var script = scriptOf(remote);
        var dial = new ScriptedDial(remote, runtime.Time.GetUtcNow() - Epoch, context);
        Dials.Add(dial);
        Most = Math.Max(Most, ++_now);
        var isDirect = !remote.Has(MultiaddrProtocol.P2pCircuit);
        if (isDirect) MostDirect = Math.Max(MostDirect, ++_direct);
        var peer = context.Expected;
        if (peer is not null) MostOfPeer = Math.Max(MostOfPeer, _ofPeer[peer] = _ofPeer.GetValueOrDefault(peer) + 1);
        try
        {
            if (script.Ending == Ending.Stuck)
            {
                var release = new ScheduledCompletion<bool>(runtime.Scheduler);
                _stuck.Add(release);
                await release.Task;
            }

            if (script.Ending is Ending.Throw or Ending.Stuck) throw new TransportException("it failed.", remote);
            await runtime.DelayAsync(script.Ending == Ending.Silence ? Timeout.InfiniteTimeSpan : script.After, cancellationToken);
            while (cutOf(remote) is { } healed) await healed.WaitAsync(cancellationToken);
            if (script.Ending == Ending.Refuse) throw new TransportException("connection refused.", remote);
            var who = script.Who?.PublicKey ?? (peer is not null && peer.TryGetPublicKey(out var key) ? key : TestKit.TestIdentity.Get(90).PublicKey);
            var connection = new ScriptedConnection(runtime, who, remote) { Limits = script.Limits };
            Connections.Add(connection);
            return connection;
        }
        catch (OperationCanceledException)
        {
            dial.WasGivenUp = true;
            throw;
        }
        finally
        {
            dial.Ended = runtime.Time.GetUtcNow() - Epoch;
            _now--;
            if (isDirect) _direct--;
            if (peer is not null) _ofPeer[peer]--;
        }
    }

    /// <summary>Ends those that are stuck.</summary>
    public void Release()
    {
        foreach (var release in _stuck) release.TrySetResult(true);
    }

    public ValueTask<IListener<ISecureConnection>> ListenAsync(Multiaddr local, ListenContext context, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    private static DateTimeOffset Epoch { get; } = new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);
}

/// <summary>A connection with nobody: it opens no stream, and ends when it is told to.</summary>
internal sealed class ScriptedConnection(NodeRuntime runtime, PublicKey who, Multiaddr remote) : ISecureConnection
{
    private readonly ScheduledCompletion<ConnectionEnd> _end = new(runtime.Scheduler);
    private readonly ScheduledCompletion<IMuxedStream?> _accept = new(runtime.Scheduler);

    public PeerId RemotePeer => who.PeerId;

    public PublicKey RemoteKey => who;

    public Multiaddr Local { get; } = Multiaddr.Parse("/ip4/127.0.0.1/tcp/1");

    public Multiaddr Remote => remote;

    public ConnectionLimits? Limits { get; init; }

    public bool HasEnded => _end.IsCompleted;

    public Task<ConnectionEnd> Completion => _end.Task;

    public ValueTask<IMuxedStream> OpenStreamAsync(CancellationToken cancellationToken = default) => throw new MuxerException("It opens none.");

    public ValueTask<IMuxedStream?> AcceptStreamAsync(CancellationToken cancellationToken = default) => new(_accept.Task);

    public void Abort(ConnectionErrorCode code)
    {
        _accept.TrySetResult(null);
        _end.TrySetResult(new ConnectionEnd(code, ByRemote: false));
    }

    public object? GetFeature(Type type) => null;

    public ValueTask DisposeAsync()
    {
        Abort(ConnectionErrorCode.None);
        return default;
    }
}
