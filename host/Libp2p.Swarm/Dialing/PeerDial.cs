using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using Libp2p.Multiformats;
using Libp2p.Swarm.Connections;
using Libp2p.Swarm.Dialing.Limits;
using Libp2p.Swarm.Dialing.Ranking;
using Libp2p.Swarm.Peers;

namespace Libp2p.Swarm.Dialing;

/// <summary>
/// One dial of one peer, however many wait for it: addresses come as a stream, have their turn by rank, and are dialed as tokens allow; the first connection wins, the last caller's
/// cancellation cancels. Thread-safe.
/// </summary>
[SuppressMessage("Reliability", "CA1001", Justification = "The source has no timer and no wait handle; look-ups that still end read its token.")]
internal sealed partial class PeerDial
{
    private readonly Lock _gate = new();
    private readonly Dialer _dialer;
    private readonly AddressStream _addresses;
    private readonly DialLadder _ladder; // guarded by _gate
    private readonly PeerTokens _tokens;
    private readonly List<AddressDial> _attempts = []; // guarded by _gate
    private readonly ScheduledCompletion<SwarmConnection> _result;
    private readonly CancellationTokenSource _over = new();
    private readonly ITimer _timeout;
    private readonly long _started;
    private ITimer? _turn; // guarded by _gate: the next turn of the ladder
    private int _underWay; // guarded by _gate: addresses that had their turn and have not returned
    private int _waiters; // guarded by _gate
    private bool _hasAsked; // guarded by _gate: routing
    private int _questions; // about names
    private bool _hasEnded; // guarded by _gate

    public PeerDial(Dialer dialer, DialRequest request)
    {
        var context = dialer.Context;
        _dialer = dialer;
        _result = new ScheduledCompletion<SwarmConnection>(context.Runtime.Scheduler);
        Request = request;
        _started = Time.GetTimestamp();
        _addresses = new AddressStream(Options.MaxAddresses, OnNewAddresses, FailIfExhausted);
        _ladder = new DialLadder(Options);
        _tokens = dialer.Tokens.Enter(request.Expected);
        Activity = StartActivity(request);
        _timeout = Time.CreateTimer(static state => ((PeerDial)state!).TimeOut(), this, Options.PeerTimeout, Timeout.InfiniteTimeSpan);
    }

    /// <summary>What it was started for.</summary>
    public DialRequest Request { get; }

    public Activity? Activity { get; }

    public TimeProvider Time => _dialer.Context.Runtime.Time;

    /// <summary>Since its start.</summary>
    public TimeSpan Elapsed => Time.GetElapsedTime(_started);

    private DialOptions Options => _dialer.Context.Options.Dialing;

    /// <summary>How long one address may take.</summary>
    public TimeSpan LimitOf(Multiaddr address) => AddressRules.IsNear(address) ? Options.PrivateAddressTimeout : Options.AddressTimeout;

    /// <summary>Waits for this dial too; false where it is over already. Then <see cref="WaitAsync"/> must follow.</summary>
    public bool TryJoin(IEnumerable<DialTarget> addresses)
    {
        lock (_gate)
        {
            if (_hasEnded) return false;
            _waiters++;
            _addresses.OpenSource();
        }

        Feed(addresses);
        return true;
    }

    /// <summary>Addresses of the peer became known elsewhere.</summary>
    public void Offer(IEnumerable<DialTarget> addresses)
    {
        if (TryOpenSource()) Feed(addresses);
    }

    /// <summary>The connection that won.</summary>
    public async Task<SwarmConnection> WaitAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await _result.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            Leave();
        }
    }

    public Task<SwarmConnection> DialAddressAsync(AddressDial attempt, CancellationToken giveUp) => _dialer.Addresses.DialAsync(this, attempt, giveUp);

    /// <summary>An address has been dialed: its tokens go on, its connection wins or its error is noted, and the next has its turn.</summary>
    public void Returned(AddressDial attempt, SwarmConnection? connection, Exception? error)
    {
        if (connection is not null)
        {
            _dialer.BlackHoles.Record(attempt.Address, reached: true);

            // Another address was quicker, or nobody waits any more. What a connection that came meanwhile has spared stays: the remote may count on it.
            if (!TryWin(attempt, connection) && !attempt.IsWanted) _ = connection.CloseAsync().AsTask();

            // After the win: what waits of this dial needs them no more.
            _dialer.Tokens.Release(_tokens, attempt);
            return;
        }

        _dialer.Tokens.Release(_tokens, attempt);
        if (error is not null) _dialer.Failed(this, attempt, error);
        lock (_gate) _underWay--;
        TakeTurns();
    }

    /// <summary>Of the one who asks first; it does not become the current one of that caller's flow, from which it would not go away.</summary>
    private static Activity? StartActivity(DialRequest request)
    {
        if (!SwarmMetrics.Activities.HasListeners()) return null;
        var current = Activity.Current;
        var started = SwarmMetrics.Activities.StartActivity("libp2p.dial");
        started?.SetTag("libp2p.peer", request.Target);
        Activity.Current = current;
        return started;
    }

    /// <summary>Gives those their turn whose it is; ends the dial where nobody is left.</summary>
    private void TakeTurns()
    {
        List<AddressDial> due;
        lock (_gate)
        {
            if (_hasEnded) return;
            due = _ladder.TakeDue(Elapsed, isIdle: _underWay == 0);
            _underWay += due.Count;
            if (_ladder.NextDue is { } next)
            {
                var wait = next - Elapsed;
                _turn ??= Time.CreateTimer(static state => ((PeerDial)state!).TakeTurns(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
                _turn.Change(TimeSpan.FromMilliseconds(Math.Max(0, Math.Ceiling(wait.TotalMilliseconds))), Timeout.InfiniteTimeSpan);
            }
        }

        foreach (var attempt in due)
        {
            _dialer.Tokens.StartOrSchedule(_tokens, attempt);
        }

        FailIfExhausted();
    }
}
