using System.Collections.Immutable;
using Libp2p.Multiformats;
using Libp2p.Swarm.Multistream;
using Libp2p.Swarm.Roles;
using Libp2p.Swarm.Runtime;

namespace Libp2p.Swarm.Upgrading;

/// <summary>What an upgrade made, and the roles that it entered.</summary>
internal readonly record struct Upgraded(SecureConnection Secure, ProtocolId Security, ProtocolId Muxer, ImmutableArray<Registration> Uses);

/// <summary>
/// Makes a muxed connection that knows its peer of a bare one: protector, security channel, muxer. One absolute deadline over all of it; what fails is
/// closed, and not delivered.
/// </summary>
internal sealed class Upgrader(SwarmContext context)
{
    /// <summary>What both sides of an upgrade get to know.</summary>
    public UpgradeContext MakeContext(ConnectionDirection direction, ConnectionRole role, PeerId? expected, IResourceScope scope, IProgress<string>? progress) => new()
    {
        Runtime = context.Runtime,
        Identity = context.Identity,
        Direction = direction,
        Role = role,
        Expected = expected,
        OfferedMuxers = context.Roles.Current.MuxerTable.Protocols,
        Scope = scope,
        Progress = progress,
    };

    /// <summary>Upgrades a wire, which it owns from here on.</summary>
    /// <exception cref="Libp2pException">It failed; the wire is closed.</exception>
    public async ValueTask<Upgraded> UpgradeAsync(IByteConnection wire, UpgradeContext upgrade, ConnectionEndpoints endpoints, CancellationToken cancellationToken)
    {
        using var trace = TracedSteps.Start(DialTrace.UpgradeActivity, context.Runtime.Time);
        var stage = new Stage(trace);
        var started = context.Runtime.Time.GetTimestamp();
        using var deadline = new CancellationTokenSource(context.Options.UpgradeTimeout, context.Runtime.Time);
        using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);

        // Whatever a layer is doing, losing its wire ends it: not every wait can be cancelled.
        await using var cut = giveUp.Token.UnsafeRegister(static state => ((IByteConnection)state!).Abort(null), wire).ConfigureAwait(false);
        try
        {
            var upgraded = await RunAsync(wire, upgrade, endpoints, stage, giveUp.Token).ConfigureAwait(false);
            Record(upgrade, started, "ok");
            return upgraded;
        }
        catch (Exception failure)
        {
            foreach (var role in stage.Uses)
            {
                role.Uses.Exit();
            }

            wire.Abort(failure);
            await stage.DisposeAsync(wire).ConfigureAwait(false);
            Record(upgrade, started, "failed");
            trace?.Failed(failure.Message);
            if (cancellationToken.IsCancellationRequested) throw new UpgradeAbandonedException(stage.Name, stage.Layer, failure, cancellationToken);
            if (deadline.IsCancellationRequested)
            {
                throw new UpgradeAbandonedException(stage.Name, stage.Layer, failure, deadline.Token).TimedOut($"{context.Options.UpgradeTimeout.TotalSeconds:0.###} s (UpgradeTimeout)");
            }

            if (failure is Libp2pException) throw;
            throw stage.Wrap(failure, endpoints.Remote);
        }
    }

    private async ValueTask<Upgraded> RunAsync(IByteConnection wire, UpgradeContext upgrade, ConnectionEndpoints endpoints, Stage stage, CancellationToken cancellationToken)
    {
        var roles = context.Roles.Current;
        foreach (var protector in roles.Protectors)
        {
            stage.Enter(protector, protector.Name, ConnectionLayer.Security);
            wire = stage.Outermost = await protector.As<IConnectionProtector>().ProtectAsync(wire, upgrade, cancellationToken).ConfigureAwait(false);
            stage.Trace?.Done(DialTrace.Protected);
        }

        stage.At("agreeing on a security channel", ConnectionLayer.Negotiation);
        if (roles.Securities.IsEmpty) throw new NegotiationException("No security channel is present: install one (Libp2p.Security.Noise), or check why it was not loaded.");
        ISecurityChannel channel;
        if (upgrade.Role == ConnectionRole.Dialer && roles.Securities is [var only] && only.As<ISecurityChannel>().DialerSpeaksFirst)
        {
            channel = only.As<ISecurityChannel>();
            stage.Use(only);
            wire = stage.Outermost = new ProposingBytes(wire, channel.Protocol, () => Agreed(channel, stage));
        }
        else
        {
            var security = roles.Securities[await AgreeAsync(wire, roles.SecurityTable, upgrade.Role, "security channel", cancellationToken).ConfigureAwait(false)];
            channel = security.As<ISecurityChannel>();
            stage.Use(security);
            Agreed(channel, stage);
        }

        upgrade.Progress?.Report(channel.Protocol.Value);
        var secured = await channel.SecureAsync(wire, upgrade, cancellationToken).ConfigureAwait(false);
        stage.Outermost = secured.Connection;
        CheckPeer(secured.RemoteKey.PeerId, upgrade, endpoints);
        if (stage.Trace is { } trace) TraceSecured(trace, secured.RemoteKey.PeerId.ToString());

        stage.At("agreeing on a muxer", ConnectionLayer.Negotiation);
        if (roles.Muxers.IsEmpty) throw new NegotiationException("No muxer is present: install one (Libp2p.Muxers.Yamux), or check why it was not loaded.");
        var muxer = await ChooseMuxerAsync(secured, roles, upgrade, cancellationToken).ConfigureAwait(false);
        var protocol = muxer.As<IStreamMuxer>().Protocol;
        stage.Enter(muxer, protocol.Value, ConnectionLayer.Muxer);
        stage.Trace?.Done(DialTrace.MuxerAgreed, new() { [DialTrace.Protocol] = protocol.Value, [DialTrace.Early] = secured.EarlyMuxer is not null });
        ValueTask<IMuxedConnection> starting;
        using (Flow.Suppress())
        {
            starting = muxer.As<IStreamMuxer>().MultiplexAsync(secured.Connection, upgrade, cancellationToken);
        }

        var muxed = await starting.ConfigureAwait(false);
        upgrade.Progress?.Report(protocol.Value);
        stage.Muxed = muxed;
        stage.Trace?.Done(DialTrace.Muxed);
        cancellationToken.ThrowIfCancellationRequested();

        var limits = wire.GetFeature(typeof(ConnectionLimits)) as ConnectionLimits;
        return new Upgraded(new SecureConnection(muxed, secured.Connection, secured.RemoteKey, endpoints, limits), channel.Protocol, protocol, [.. stage.Uses]);
    }

    private static void Agreed(ISecurityChannel channel, Stage stage)
    {
        stage.At(channel.Protocol.Value, ConnectionLayer.Security);
        stage.Trace?.Done(DialTrace.SecurityAgreed, DialTrace.Protocol, channel.Protocol.Value);
    }

    private static void TraceSecured(TracedSteps trace, string peer)
    {
        trace.Tag(DialTrace.Peer, peer);
        trace.Done(DialTrace.Secured, DialTrace.Peer, peer);
    }

    private static async ValueTask<Registration> ChooseMuxerAsync(SecuredBytes secured, RoleSnapshot roles, UpgradeContext upgrade, CancellationToken cancellationToken)
    {
        if (secured.EarlyMuxer is not { } early)
        {
            return roles.Muxers[await AgreeAsync(secured.Connection, roles.MuxerTable, upgrade.Role, "muxer", cancellationToken).ConfigureAwait(false)];
        }

        var index = roles.MuxerTable.Protocols.IndexOf(early);
        return index >= 0 ? roles.Muxers[index] : throw new NegotiationException($"The security channel chose the muxer {early}, which is not present (any more).");
    }

    private static async ValueTask<int> AgreeAsync(IByteConnection bytes, ProtocolTable table, ConnectionRole role, string what, CancellationToken cancellationToken)
    {
        if (role == ConnectionRole.Dialer)
        {
            var chosen = await MultistreamNegotiator.ProposeAsync(bytes.Input, bytes.Output, table.Protocols, cancellationToken).ConfigureAwait(false);
            return table.Protocols.IndexOf(chosen);
        }

        var index = await MultistreamNegotiator.AnswerAsync(bytes.Input, bytes.Output, table, quiet: true, cancellationToken).ConfigureAwait(false);
        return index != MultistreamNegotiator.NothingAgreed
            ? index
            : throw new NegotiationException($"The remote proposed no {what} that is present here; these are: {string.Join(", ", table.Protocols)}.");
    }

    /// <summary>The channel has looked already; this is the last look before anybody trusts the connection.</summary>
    private void CheckPeer(PeerId actual, UpgradeContext upgrade, ConnectionEndpoints endpoints)
    {
        if (upgrade.Expected is { } expected && expected != actual) throw new PeerIdMismatchException(expected, actual);
        if (actual == context.Identity.PeerId) throw new SecureChannelException("The remote is this node itself: it has our own key.");
        if (context.Gates.Refuse(GatePoint.Secured, upgrade.Direction, actual, endpoints.Local, endpoints.Remote) is { } gated) throw gated;
    }

    private void Record(UpgradeContext upgrade, long started, string outcome) => SwarmMetrics.UpgradeDuration.Record(
        context.Runtime.Time.GetElapsedTime(started).TotalSeconds, SwarmMetrics.Direction(upgrade.Direction), SwarmMetrics.Outcome(outcome));

    /// <summary>How far an upgrade has come.</summary>
    private sealed class Stage(TracedSteps? trace)
    {
        /// <summary>Told of each step done; null: nobody listens.</summary>
        public TracedSteps? Trace => trace;

        public string Name { get; private set; } = "protecting the wire";

        public ConnectionLayer Layer { get; private set; } = ConnectionLayer.Security;

        public List<Registration> Uses { get; } = [];

        /// <summary>What owns all below it.</summary>
        public IByteConnection? Outermost { get; set; }

        public IMuxedConnection? Muxed { get; set; }

        public void At(string name, ConnectionLayer layer)
        {
            Name = name;
            Layer = layer;
        }

        public void Enter(Registration role, string name, ConnectionLayer layer)
        {
            At(name, layer);
            Use(role);
        }

        public void Use(Registration role)
        {
            if (!role.Uses.TryEnter()) throw new NegotiationException($"{role.Name} is being removed.");
            Uses.Add(role);
        }

        public Libp2pException Wrap(Exception cause, Multiaddr remote)
        {
            var message = $"{Name}: {cause.Message}";
            return Layer switch
            {
                ConnectionLayer.Security => new SecureChannelException(message, cause),
                ConnectionLayer.Muxer => new MuxerException(message, ConnectionErrorCode.None, cause),
                ConnectionLayer.Negotiation => new NegotiationException(message, cause),
                _ => new TransportException(message, remote, cause),
            };
        }

        public async ValueTask DisposeAsync(IByteConnection wire)
        {
            try
            {
                if (Muxed is not null) await Muxed.DisposeAsync().ConfigureAwait(false);
                else await (Outermost ?? wire).DisposeAsync().ConfigureAwait(false);
            }
            catch (Exception cause) when (cause is Libp2pException or IOException or ObjectDisposedException)
            {
                // It is broken already: that is why it is being disposed.
            }
        }
    }
}
