using System.Diagnostics.CodeAnalysis;
using Libp2p.Multiformats;
using Libp2p.Swarm.Connections;
using Libp2p.Swarm.Peers;
using Libp2p.Swarm.Upgrading;

namespace Libp2p.Swarm.Dialing;

/// <summary>The dial of one address, from its turn to a connection or an error; it keeps what the report needs. Thread-safe.</summary>
[SuppressMessage("Reliability", "CA1001", Justification = "The source is disposed when the attempt ends.")]
internal sealed class AddressDial(PeerDial owner, DialTarget target) : IProgress<string>
{
    /// <summary>The step after which a bare connection exists, and the remote may count on it.</summary>
    public const string TransportStep = "transport";

    // A transport's own steps included; more are not kept.
    private const int MostSteps = 64;

    private readonly Lock _gate = new();
    private readonly TimeSpan _knownAfter = owner.Elapsed;
    private readonly List<DialStep> _steps = []; // guarded by _gate
    private DialOutcome _outcome; // guarded by _gate
    private TimeSpan? _startedAfter; // guarded by _gate
    private TimeSpan? _took; // guarded by _gate
    private Exception? _error; // guarded by _gate
    private CancellationTokenSource? _giveUp; // guarded by _gate; while it runs
    private bool _isAbandoned; // guarded by _gate

    /// <summary>Where to.</summary>
    public Multiaddr Address => target.Address;

    public DialTarget Target => target;

    public bool IsRelayed { get; } = AddressRules.IsRelayed(target.Address);

    /// <summary>Its place in the ranking; the lower the better. Written by the ladder before anybody else reads it.</summary>
    public TimeSpan Place { get; set; }

    /// <summary>When it had its turn; null: not yet. Likewise.</summary>
    public TimeSpan? Due { get; set; }

    /// <summary>Whether its result would still be used.</summary>
    public bool IsWanted
    {
        get
        {
            lock (_gate) return !_isAbandoned;
        }
    }

    /// <summary>Tokens are held: dials, and returns the tokens however that ends.</summary>
    public void Start()
    {
        CancellationTokenSource? giveUp = null;
        lock (_gate)
        {
            if (!_isAbandoned)
            {
                giveUp = _giveUp = new CancellationTokenSource(owner.LimitOf(target.Address), owner.Time);
                _outcome = DialOutcome.Dialing;
                _startedAfter = owner.Elapsed;
            }
        }

        if (giveUp is null) owner.Returned(this, null, null);
        else _ = RunAsync(giveUp);
    }

    /// <summary>It will not be tried.</summary>
    public void Skip(Exception why)
    {
        lock (_gate) (_outcome, _error) = (DialOutcome.Skipped, why);
    }

    /// <summary>Its name is being resolved; <see cref="Resolved"/> says how that ended.</summary>
    public void Resolve()
    {
        lock (_gate) (_outcome, _startedAfter) = (DialOutcome.Dialing, owner.Elapsed);
    }

    /// <summary>Its name has been resolved, or could not be.</summary>
    public void Resolved(Exception? error, bool isAbandoned)
    {
        lock (_gate)
        {
            _outcome = isAbandoned ? DialOutcome.Abandoned : error is null ? DialOutcome.Resolved : DialOutcome.Failed;
            _took = owner.Elapsed - _startedAfter;
            if (!isAbandoned) _error = error;
        }
    }

    /// <summary>Nobody needs it any more. If it is under way <see cref="GiveUp"/> must follow.</summary>
    /// <param name="sparesConnected">Whether it goes on where there is a bare connection already.</param>
    public void Abandon(bool sparesConnected)
    {
        lock (_gate)
        {
            if (_isAbandoned || (sparesConnected && _steps.Count > 0)) return;
            _isAbandoned = true;
            if (_outcome is DialOutcome.Dialing or DialOutcome.Connected) (_outcome, _took) = (DialOutcome.Abandoned, _took ?? (owner.Elapsed - _startedAfter));
        }
    }

    /// <summary>Ends it if it is under way and abandoned.</summary>
    public void GiveUp()
    {
        CancellationTokenSource? giveUp;
        lock (_gate) giveUp = _isAbandoned ? _giveUp : null;
        try
        {
            giveUp?.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It has just ended by itself.
        }
    }

    /// <inheritdoc/>
    public void Report(string value)
    {
        lock (_gate)
        {
            if (_steps.Count < MostSteps) _steps.Add(new DialStep(value, owner.Elapsed));
        }
    }

    public DialAttempt ToAttempt()
    {
        lock (_gate)
        {
            return new DialAttempt
            {
                Address = target.Address,
                ResolvedFrom = target.ResolvedFrom,
                Outcome = _outcome,
                KnownAfter = _knownAfter,
                DueAfter = Due,
                StartedAfter = _startedAfter,
                Took = _took,
                Steps = [.. _steps],
                Error = _error,
            };
        }
    }

    private async Task RunAsync(CancellationTokenSource giveUp)
    {
        SwarmConnection? connection = null;
        Exception? error = null;
        var trace = TracedSteps.Start(DialTrace.DialActivity, owner.Time, owner.Activity?.Context ?? default);
        trace?.Tag(DialTrace.Address, target.Address.ToString());
        try
        {
            connection = await owner.DialAddressAsync(this, giveUp.Token).ConfigureAwait(false);
            trace?.Tag(DialTrace.Peer, connection.RemotePeer.ToString());
        }
        catch (Exception failure)
        {
            error = failure;
        }

        // Before its result is told: whoever waits for that finds the activity whole.
        if (connection is null) trace?.Failed(IsWanted ? error!.Message : "abandoned");
        trace?.Dispose();
        lock (_gate)
        {
            _giveUp = null;
            _took ??= owner.Elapsed - _startedAfter;
            if (_isAbandoned) error = null;
            else (_outcome, _error) = (connection is null ? DialOutcome.Failed : DialOutcome.Connected, error);
        }

        giveUp.Dispose();
        owner.Returned(this, connection, error);
    }
}
