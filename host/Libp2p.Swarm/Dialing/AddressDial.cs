using Libp2p.Multiformats;
using Libp2p.Swarm.Connections;
using Libp2p.Swarm.Upgrading;

namespace Libp2p.Swarm.Dialing;

/// <summary>The dial of one address, from its start to a connection or an error; it keeps what the report needs.</summary>
internal sealed class AddressDial(PeerDial owner, Multiaddr address) : IProgress<string>
{
    private readonly Lock _gate = new();
    private readonly List<string> _steps = []; // guarded by _gate
    private TimeSpan? _startedAfter; // guarded by _gate
    private TimeSpan? _took; // guarded by _gate
    private Exception? _error; // guarded by _gate

    /// <summary>Where to.</summary>
    public Multiaddr Address => address;

    /// <summary>Whether its result would still be used.</summary>
    public bool IsWanted => owner.IsWanted;

    /// <summary>Tokens are held: dials, and returns the tokens however that ends.</summary>
    public void Start()
    {
        lock (_gate) _startedAfter = owner.Elapsed;
        _ = RunAsync();
    }

    /// <summary>It will not be tried.</summary>
    public void Skip(Exception why)
    {
        lock (_gate) _error = why;
    }

    /// <inheritdoc/>
    public void Report(string value)
    {
        lock (_gate) _steps.Add(value);
    }

    public DialAttempt ToAttempt()
    {
        lock (_gate) return new DialAttempt(address, _startedAfter, _took, [.. _steps], _error);
    }

    private async Task RunAsync()
    {
        SwarmConnection? connection = null;
        Exception? error = null;
        var abandoned = false;
        var trace = TracedSteps.Start(DialTrace.DialActivity, owner.Time);
        trace?.Tag(DialTrace.Address, address.ToString());
        try
        {
            connection = await owner.DialAddressAsync(this).ConfigureAwait(false);
            trace?.Tag(DialTrace.Peer, connection.RemotePeer.ToString());
        }
        catch (OperationCanceledException) when (!owner.IsWanted)
        {
            abandoned = true;
        }
        catch (Exception failure)
        {
            error = failure;
        }

        // Before its result is told: whoever waits for that finds the activity whole.
        if (connection is null) trace?.Failed(error?.Message ?? "abandoned");
        trace?.Dispose();
        lock (_gate)
        {
            _error = error;
            if (!abandoned) _took = owner.Elapsed - _startedAfter;
        }

        owner.Returned(this, connection);
    }
}
