using System.Collections.Immutable;
using Libp2p.Swarm.Connections;
using Libp2p.Swarm.Roles;

namespace Libp2p.Swarm.Dialing;

/// <content>How it ends: once, and whoever ended it tells the result.</content>
internal sealed partial class PeerDial
{
    /// <summary>A connection to the peer came another way; false where the dial is over, or that one will not do.</summary>
    public bool TrySatisfy(SwarmConnection connection)
    {
        if (!connection.Meets(Request.Manner.Need) || !TryFinish("connected", null, connection, null)) return false;
        _result.TrySetResult(connection);
        return true;
    }

    /// <summary>The node stops.</summary>
    public void Abandon(Exception why)
    {
        if (TryFinish("failed", null, null, why)) _result.TrySetException(why);
    }

    /// <summary>Where no address is left, none may come, and none is under way, asks routing; after that it fails.</summary>
    private void FailIfExhausted()
    {
        ImmutableArray<Registration> routers;
        lock (_gate)
        {
            if (_finished || _underWay > 0 || !_ladder.IsEmpty || _addresses.IsOpen) return;
            routers = RoutersToAsk();
        }

        if (routers.IsEmpty) Fail(null);
        foreach (var router in routers)
        {
            _dialer.Context.Runtime.Scheduler.Schedule(_ => _ = AskAsync(router, Request.Expected!), null);
        }
    }

    private void TimeOut() => Fail(Options.PeerTimeout);

    private void Fail(TimeSpan? timedOut)
    {
        var failure = DialFailure.Of(Request.Target, ReportNow(), timedOut);
        if (TryFinish("failed", null, null, failure)) _result.TrySetException(failure);
    }

    private DialReport ReportNow()
    {
        lock (_gate)
        {
            return new DialReport(Request.Expected, [.. _attempts.Select(static attempt => attempt.ToAttempt())], Elapsed) { OverLimit = _addresses.OverLimit };
        }
    }

    private bool TryFinish(string outcome, AddressDial? winner, SwarmConnection? connection, Exception? error)
    {
        lock (_gate)
        {
            if (_finished) return false;
            _finished = true;
            _turn?.Dispose();
        }

        _dialer.Ended(this);
        _timeout.Dispose();
        foreach (var attempt in _attempts)
        {
            // Where a connection came another way the peer may have dialed at the same moment, and given up its own dial for ours: two that both do so would have none.
            if (attempt != winner) attempt.Abandon(sparesConnected: winner is null && connection is not null);
        }

        _over.Cancel();
        _dialer.Tokens.Leave(_tokens);
        SwarmMetrics.Dials.Add(1, SwarmMetrics.Outcome(outcome));
        Activity?.SetTag("libp2p.outcome", outcome);
        Activity?.Dispose();
        if (_dialer.Context.Events.HasSubscribers) _dialer.Context.Events.Publish(new DialEnded(ReportNow(), connection, error));
        return true;
    }
}
