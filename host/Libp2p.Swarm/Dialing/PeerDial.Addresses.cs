using System.Collections.Immutable;
using Libp2p.Swarm.Roles;

namespace Libp2p.Swarm.Dialing;

/// <content>Where addresses come from.</content>
internal sealed partial class PeerDial
{
    private bool TryOpenSource()
    {
        lock (_gate)
        {
            if (_hasEnded) return false;
            _addresses.OpenSource();
            return true;
        }
    }

    /// <summary>A source was opened for these.</summary>
    private void Feed(IEnumerable<DialTarget> addresses)
    {
        _addresses.Add(addresses);
        _addresses.CloseSource();
    }

    /// <summary>The seed's <c>onNewAddr</c>, for those that became known together.</summary>
    private void OnNewAddresses(IReadOnlyList<DialTarget> targets)
    {
        List<AddressDial>? names = null;
        foreach (var target in targets)
        {
            var attempt = new AddressDial(this, target);
            var isName = _dialer.Addresses.MustResolve(target.Address);
            var refusal = _dialer.Refuse(Request, target, isName);
            if (refusal is not null) attempt.Skip(refusal);
            lock (_gate)
            {
                if (_hasEnded) return;
                _attempts.Add(attempt);
                if (refusal is not null) continue;
                if (isName) (names ??= []).Add(attempt);
                else _ladder.Add(attempt);
            }
        }

        if (names is not null)
        {
            foreach (var name in names)
            {
                if (TryOpenSource()) _ = ResolveAsync(name);
            }
        }

        TakeTurns();
    }

    /// <summary>What a name leads to, as it becomes known; a source was opened for it.</summary>
    private async Task ResolveAsync(AddressDial name)
    {
        Exception? error = null;
        name.Resolve();
        try
        {
            await foreach (var found in _dialer.Resolver.ResolveAsync(name.Target, TryAskName, _over.Token).ConfigureAwait(false))
            {
                _addresses.Add(found);
            }
        }
        catch (Exception failure)
        {
            error = failure;
        }

        name.Resolved(error, isAbandoned: _over.IsCancellationRequested);
        if (error is not null && !_over.IsCancellationRequested) _dialer.Context.Logger.DialAttemptFailed(Request.Target, name.Address, error.Message);
        _addresses.CloseSource();
    }

    /// <summary>Takes one of the questions that all names of this dial may cost together.</summary>
    private bool TryAskName() => Interlocked.Increment(ref _questions) <= Options.MaxNameLookups;

    /// <summary>Whoever finds peers, once; a source is open for each. Within the lock.</summary>
    private ImmutableArray<Registration> RoutersToAsk()
    {
        if (_hasAsked || Request is not { UsesKnown: true, Expected: not null }) return [];
        _hasAsked = true;
        var routers = _dialer.Context.Roles.Current.Routers;
        foreach (var _ in routers) _addresses.OpenSource();
        return routers;
    }

    private async Task AskAsync(Registration router, PeerId peer)
    {
        if (!router.Uses.TryEnter())
        {
            _addresses.CloseSource();
            return;
        }

        try
        {
            await foreach (var address in router.As<IPeerRouting>().FindAddressesAsync(peer, _over.Token).WithCancellation(_over.Token).ConfigureAwait(false))
            {
                if (Dialer.TargetOf(peer, address) is { } target) _addresses.Add([target]);
            }
        }
        catch (OperationCanceledException) when (_over.IsCancellationRequested)
        {
            // Nobody needs them any more.
        }
        catch (Exception failure)
        {
            _dialer.Context.Logger.RoutingFailed(failure, router.Name, peer);
        }

        router.Uses.Exit();
        _addresses.CloseSource();
    }
}
