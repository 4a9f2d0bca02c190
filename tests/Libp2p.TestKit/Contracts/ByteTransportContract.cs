using Libp2p.Multiformats;
using Shouldly;
using Xunit;

namespace Libp2p.TestKit;

/// <summary>What every <see cref="IByteTransport"/> keeps. Inherit <see cref="ByteConnectionContract"/> as well, over <see cref="ConnectBytesAsync"/>.</summary>
public abstract class ByteTransportContract : TransportContract<IByteConnection>
{
    /// <summary>A transport with its default options.</summary>
    protected abstract IByteTransport CreateTransport();

    private protected override ITransport Ranked => CreateTransport();

    /// <summary>Listens, dials, and gives both ends.</summary>
    public static async Task<ByteConnectionPair> ConnectBytesAsync(IByteTransport transport, Multiaddr listenAddress, TestRuntime runtime)
    {
        var listener = await transport.ListenAsync(listenAddress, new ListenContext { Runtime = runtime.Node, Identity = TestIdentity.Listener }).Within().ConfigureAwait(false);
        var dialing = transport.DialAsync(listener.Addresses[0], new DialContext { Runtime = runtime.Node, Identity = TestIdentity.Dialer }).AsTask();
        var incoming = await listener.AcceptAsync().Within().ConfigureAwait(false) ?? throw new InvalidOperationException("The listener was unbound.");
        var mine = await incoming.CompleteAsync(Upgrading.Listener(runtime)).Within().ConfigureAwait(false);
        return new ByteConnectionPair(await dialing.Within().ConfigureAwait(false), mine, listener);
    }

    [Fact]
    public async Task Both_ends_know_their_addresses_and_they_are_each_others()
    {
        await using var listener = await ListenAsync(ListenAddress);
        await using var pair = await ConnectAsync(listener);
        var dialer = pair.Dialer.GetFeature(typeof(ConnectionEndpoints)).ShouldBeOfType<ConnectionEndpoints>();
        var accepted = pair.Listener.GetFeature(typeof(ConnectionEndpoints)).ShouldBeOfType<ConnectionEndpoints>();
        dialer.Remote.ShouldBe(listener.Addresses[0]);
        accepted.Local.ShouldBe(listener.Addresses[0]);
        accepted.Remote.ShouldBe(dialer.Local);
    }

    [Fact]
    public async Task The_remote_sees_a_close_and_both_are_gone()
    {
        await using var listener = await ListenAsync(ListenAddress);
        await using var pair = await ConnectAsync(listener);
        await pair.Dialer.DisposeAsync().Within(Patience);
        (await pair.Listener.Input.ReadToEndAsync().Within(Patience)).ShouldBeEmpty();
        await pair.Listener.DisposeAsync().Within(Patience);
        await pair.Dialer.Closed.Within(Patience);
        await pair.Listener.Closed.Within(Patience);
    }

    private protected override ValueTask<IByteConnection> DialAsync(Multiaddr remote, DialContext context, CancellationToken cancellationToken) =>
        CreateTransport().DialAsync(remote, context, cancellationToken);

    private protected override ValueTask<IListener<IByteConnection>> ListenAsync(Multiaddr local, ListenContext context, CancellationToken cancellationToken) =>
        CreateTransport().ListenAsync(local, context, cancellationToken);

    private protected override async Task EchoAsync(IByteConnection dialer, IByteConnection listener)
    {
        for (var i = 0; i < 3; i++)
        {
            var message = DuplexBytes.Pattern(10_000, seed: i);
            foreach (var (from, to) in new[] { (dialer, listener), (listener, dialer) })
            {
                await from.Output.WriteAsync(message).ConfigureAwait(false);
                (await to.Input.ReadExactlyAsync(message.Length).ConfigureAwait(false)).ShouldBeBytes(message);
            }
        }
    }

    private protected override Task ServeOneAsync(IByteConnection connection) => connection.EchoAsync();

    private protected override async Task AskOneAsync(IByteConnection connection)
    {
        var message = DuplexBytes.Pattern(1000);
        await connection.Output.WriteToEndAsync(message).ConfigureAwait(false);
        (await connection.Input.ReadToEndAsync().ConfigureAwait(false)).ShouldBeBytes(message);
    }

    private protected override async Task FailsOrEndsAsync(IByteConnection connection)
    {
        if (await connection.Input.DrainAsync().ConfigureAwait(false) == 0) throw new TransportException("The connection ended.");
    }
}
