using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using Libp2p.Multiformats;
using Libp2p.Swarm.Connections;

namespace Libp2p.Swarm.Dialing;

/// <summary>
/// One dial of one peer, however many wait for it: the first connection wins, the last caller's cancellation cancels. Thread-safe.
/// </summary>
[SuppressMessage("Reliability", "CA1001", Justification = "The source has no timer and no wait handle; dials that still end read its token.")]
internal sealed class PeerDial
{
    private readonly Lock _gate = new();
    private readonly Dialer _dialer;
    private readonly AddressStream _addresses;
    private readonly PeerTokens _tokens = new();
    private readonly List<AddressDial> _dials = []; // guarded by _gate
    private readonly ScheduledCompletion<SwarmConnection> _result;
    private readonly CancellationTokenSource _cancel = new();
    private readonly ITimer _timeout;
    private readonly long _started;
    private readonly Activity? _activity;
    private int _pending; // guarded by _gate: scheduled and not returned
    private int _waiters; // guarded by _gate
    private bool _sourcesEnded; // guarded by _gate
    private bool _finished; // guarded by _gate

    /// <param name="dialer">Whose.</param>
    /// <param name="expected">Who; null: whoever answers.</param>
    /// <param name="key">Under which others find it to join; null: they do not.</param>
    /// <param name="target">What reports call it.</param>
    public PeerDial(Dialer dialer, PeerId? expected, object? key, string target)
    {
        _dialer = dialer;
        _result = new ScheduledCompletion<SwarmConnection>(dialer.Context.Runtime.Scheduler);
        Key = key;
        Expected = expected;
        Target = target;
        _started = dialer.Context.Runtime.Time.GetTimestamp();
        _addresses = new AddressStream(dialer.Context.Options.MaxAddressesPerDial, OnAddress, OnAddressesEnded);
        _activity = SwarmMetrics.Activities.StartActivity("libp2p.dial");
        _activity?.SetTag("libp2p.peer", target);
        _timeout = dialer.Context.Runtime.Time.CreateTimer(static state => ((PeerDial)state!).TimeOut(), this, dialer.Context.Options.PeerDialTimeout, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Who is expected; null: whoever answers.</summary>
    public PeerId? Expected { get; }

    /// <summary>Under which others find it; null: they do not.</summary>
    public object? Key { get; }

    public string Target { get; }

    public TimeProvider Time => _dialer.Context.Runtime.Time;

    /// <summary>Since its start.</summary>
    public TimeSpan Elapsed => _dialer.Context.Runtime.Time.GetElapsedTime(_started);

    /// <summary>Whether nobody has won or given up yet.</summary>
    public bool IsWanted => !_cancel.IsCancellationRequested;

    /// <summary>Cancelled once the dial is over.</summary>
    public CancellationToken Cancelled => _cancel.Token;

    /// <summary>Waits for this dial too; false where it is over already. Then <see cref="WaitAsync"/> must follow.</summary>
    public bool TryJoin(IEnumerable<Multiaddr> addresses)
    {
        lock (_gate)
        {
            if (_finished) return false;
            _waiters++;
            _sourcesEnded = false;
        }

        _addresses.OpenSource();
        foreach (var address in addresses)
        {
            _addresses.Add(address);
        }

        _addresses.CloseSource();
        return true;
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
            bool last;
            lock (_gate) last = --_waiters == 0;
            if (last && TryFinish("cancelled")) _result.TrySetCanceled(CancellationToken.None);
        }
    }

    /// <summary>The node stops.</summary>
    public void Abandon(Exception why)
    {
        if (TryFinish("failed")) _result.TrySetException(why);
    }

    public Task<SwarmConnection> DialAddressAsync(AddressDial dial) => _dialer.DialAddressAsync(this, dial);

    /// <summary>An address has been dialed; its tokens go on.</summary>
    public void Returned(AddressDial dial, SwarmConnection? connection)
    {
        _dialer.Tokens.Release(_tokens);
        if (connection is not null)
        {
            // Else another address was quicker, or nobody waits any more.
            if (TryFinish("connected")) _result.TrySetResult(connection);
            else _ = connection.CloseAsync().AsTask();

            return;
        }

        if (dial.ToAttempt().Error is { } error) _dialer.Failed(this, dial, error);
        lock (_gate) _pending--;
        FailIfExhausted();
    }

    private void OnAddress(Multiaddr address)
    {
        var dial = new AddressDial(this, address);
        var refusal = _dialer.Refuse(address);
        lock (_gate)
        {
            if (_finished) return;
            _dials.Add(dial);
            if (refusal is null) _pending++;
        }

        if (refusal is not null) dial.Skip(refusal);
        else _dialer.Tokens.Schedule(_tokens, dial);
    }

    private void OnAddressesEnded()
    {
        lock (_gate) _sourcesEnded = true;
        FailIfExhausted();
    }

    private void FailIfExhausted()
    {
        lock (_gate)
        {
            if (_pending > 0 || !_sourcesEnded || _finished) return;
        }

        var failure = Failure(null);
        if (TryFinish("failed")) _result.TrySetException(failure);
    }

    private void TimeOut()
    {
        var failure = Failure(_dialer.Context.Options.PeerDialTimeout);
        if (TryFinish("failed")) _result.TrySetException(failure);
    }

    private DialException Failure(TimeSpan? timedOut)
    {
        DialReport report;
        lock (_gate) report = new DialReport(Expected, [.. _dials.Select(static dial => dial.ToAttempt())], Elapsed);
        return DialFailure.Of(Target, report, _addresses.Refused, timedOut);
    }

    /// <summary>Ends the dial once; whoever did it tells the result.</summary>
    private bool TryFinish(string outcome)
    {
        lock (_gate)
        {
            if (_finished) return false;
            _finished = true;
        }

        _dialer.Ended(this);
        _timeout.Dispose();
        _cancel.Cancel();
        _dialer.Tokens.Forget(_tokens);
        SwarmMetrics.Dials.Add(1, SwarmMetrics.Outcome(outcome));
        _activity?.SetTag("libp2p.outcome", outcome);
        _activity?.Dispose();
        return true;
    }
}
