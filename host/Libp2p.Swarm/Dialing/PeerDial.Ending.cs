using System.Collections.Immutable;
using System.Diagnostics;
using Libp2p.Swarm.Connections;
using Libp2p.Swarm.Roles;

namespace Libp2p.Swarm.Dialing;

/// <content>How it ends: once, and whoever ended it tells the result.</content>
internal sealed partial class PeerDial
{
    /// <summary>A connection to the peer came another way; nothing happens where the dial is over, or that one will not do.</summary>
    public void Satisfy(SwarmConnection connection)
    {
        if (connection.Meets(Request.Manner.Need)) TryWin(null, connection);
    }

    /// <summary>The node stops.</summary>
    public void Abandon(Exception why)
    {
        if (!TryEnd()) return;
        Finish("failed", null, null, why);
        _result.TrySetException(why);
    }

    private bool TryWin(AddressDial? winner, SwarmConnection connection)
    {
        if (!TryEnd()) return false;
        Finish("connected", winner, connection, null);
        _result.TrySetResult(connection);
        return true;
    }

    /// <summary>Where no address is left, none may come, and none is under way, asks routing; after that it fails.</summary>
    private void FailIfExhausted()
    {
        ImmutableArray<Registration> routers;
        lock (_gate)
        {
            if (_hasEnded || _underWay > 0 || !_ladder.IsEmpty || _addresses.IsOpen) return;
            routers = RoutersToAsk();

            // Within the same lock: who joined between this look and the end would be told of addresses that others named.
            if (routers.IsEmpty) End();
        }

        if (routers.IsEmpty) Fail(null);
        foreach (var router in routers)
        {
            _dialer.Context.Runtime.Scheduler.Schedule(_ => _ = AskAsync(router, Request.Expected!), null);
        }
    }

    private void TimeOut()
    {
        if (TryEnd()) Fail(Options.PeerTimeout);
    }

    /// <summary>A caller waits no more; the last one's leave cancels the dial.</summary>
    private void Leave()
    {
        lock (_gate)
        {
            if (--_waiters > 0 || _hasEnded) return;
            End();
        }

        Finish("cancelled", null, null, null);
        _result.TrySetCanceled(CancellationToken.None);
    }

    private bool TryEnd()
    {
        lock (_gate)
        {
            if (_hasEnded) return false;
            End();
            return true;
        }
    }

    /// <summary>Nobody joins any more. Within the lock; then <see cref="Fail"/> or <see cref="Finish"/> must follow.</summary>
    private void End()
    {
        _hasEnded = true;
        _turn?.Dispose();
        _dialer.Ended(this);
    }

    private void Fail(TimeSpan? timedOut)
    {
        var failure = DialFailure.Of(Request.Target, ReportNow(), timedOut);
        Finish("failed", null, null, failure);
        _result.TrySetException(failure);
    }

    private DialReport ReportNow()
    {
        lock (_gate)
        {
            return new DialReport(Request.Expected, [.. _attempts.Select(static attempt => attempt.ToAttempt())], Elapsed) { OverLimit = _addresses.OverLimit };
        }
    }

    private void Finish(string outcome, AddressDial? winner, SwarmConnection? connection, Exception? error)
    {
        _timeout.Dispose();
        foreach (var attempt in _attempts)
        {
            // Where a connection came another way the peer may have dialed at the same moment, and given up its own dial for ours: two that both do so would have none.
            if (attempt != winner) attempt.Abandon(sparesConnected: winner is null && connection is not null);
        }

        // Only now: those that end release their tokens, which none of these that wait must have.
        foreach (var attempt in _attempts) attempt.GiveUp();
        _over.Cancel();
        _dialer.Tokens.Leave(_tokens);
        SwarmMetrics.Dials.Add(1, SwarmMetrics.Outcome(outcome));
        EndActivity(outcome);
        if (_dialer.Context.Events.HasSubscribers) _dialer.Context.Events.Publish(new DialEnded(ReportNow(), connection, error));
    }

    /// <summary>An activity that ends makes the one before it the current one, of whoever ends it: here that is seldom who began it.</summary>
    private void EndActivity(string outcome)
    {
        if (Activity is null) return;
        var current = Activity.Current;
        Activity.SetTag("libp2p.outcome", outcome);
        Activity.Dispose();
        Activity.Current = current;
    }
}
