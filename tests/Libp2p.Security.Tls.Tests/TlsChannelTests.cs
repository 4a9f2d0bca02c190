using System.IO.Pipelines;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Libp2p.Certificates;
using Libp2p.Security.Tls.Tests.Certificates;
using Libp2p.TestKit;

namespace Libp2p.Security.Tls.Tests;

public sealed class TlsChannelTests
{
    [Theory]
    [InlineData(ConnectionRole.Dialer)]
    [InlineData(ConnectionRole.Listener)]
    public async Task Row6_A_remote_that_drips_is_given_up_at_the_deadline(ConnectionRole role)
    {
        await using var wire = BytePair.Create();
        var runtime = TestRuntime.Fake();
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(10), runtime.Node.Time);
        var (mine, way) = role == ConnectionRole.Dialer ? (wire.Dialer, wire.ToDialer) : (wire.Listener, wire.ToListener);
        var handshake = Channels.Create().SecureAsync(mine, role == ConnectionRole.Dialer ? Upgrading.Dialer(runtime) : Upgrading.Listener(runtime), deadline.Token).AsTask();

        // A byte a second of a record: each looks like progress.
        way.Inject([22, 3, 3, 64, 0]);
        for (var second = 0; second < 9; second++)
        {
            runtime.Clock.Advance(TimeSpan.FromSeconds(1));
            way.Inject([1]);
            handshake.IsCompleted.ShouldBeFalse();
        }

        runtime.Clock.Advance(TimeSpan.FromSeconds(1));
        await Should.ThrowAsync<OperationCanceledException>(() => handshake.Within());
    }

    [Fact]
    public async Task Row12_A_dialer_without_a_certificate_is_refused_and_an_honest_one_still_served()
    {
        var channel = Channels.Create();
        var refusal = await RefusalOfDialerAsync(channel, certificate: null);
        refusal.ShouldBeOfType<PeerCertificateException>().Message.ShouldContain("no certificate");
        await HonestAsync(channel);
    }

    [Fact]
    public async Task Row13_An_expired_certificate_is_an_error_after_the_handshake_and_an_honest_one_still_served()
    {
        var channel = Channels.Create();
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var expired = Strangers.MakeWithKey(key, DateTimeOffset.UtcNow.AddDays(-3), extensions: [Strangers.Identity(key)]);
        (await RefusalOfDialerAsync(channel, expired)).ShouldBeOfType<PeerCertificateException>().Message.ShouldContain("expired");
        (await RefusalOfListenerAsync(channel, expired)).ShouldBeOfType<PeerCertificateException>().Message.ShouldContain("expired");
        await HonestAsync(channel);
    }

    [Fact]
    public async Task Several_certificates_are_refused()
    {
        using var chain = new Chain();
        (await RefusalOfDialerAsync(Channels.Create(), chain.Leaf, chain.Above)).ShouldBeOfType<PeerCertificateException>().Message.ShouldContain("exactly one");
        (await RefusalOfListenerAsync(Channels.Create(), chain.Leaf, chain.Above)).ShouldBeOfType<PeerCertificateException>().Message.ShouldContain("exactly one");
    }

    [Fact]
    public async Task An_older_TLS_is_refused()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var good = Strangers.MakeWithKey(key, DateTimeOffset.UtcNow, extensions: [Strangers.Identity(key)]);
        (await RefusalOfDialerAsync(Channels.Create(), good, protocol: SslProtocols.Tls12)).ShouldBeOfType<SecureChannelException>();
        (await RefusalOfListenerAsync(Channels.Create(), good, protocol: SslProtocols.Tls12)).ShouldBeOfType<SecureChannelException>();
    }

    [Fact]
    public async Task No_name_is_indicated()
    {
        await using var wire = BytePair.Create(new BytePairOptions { Record = true });
        await SecurityChannelContract.ConnectSecuredAsync(Channels.Create(), Channels.Create(), wire);
        ClientHello.Extensions(wire.ToListener.Recorded).ShouldNotContain(0);
        ClientHello.Extensions(wire.ToListener.Recorded).ShouldContain(16);
    }

    [Fact]
    public async Task A_remote_that_does_not_speak_TLS_is_told_apart()
    {
        await using var wire = BytePair.Create();
        wire.ToListener.Inject("GET / HTTP/1.1\r\n\r\n"u8);
        (await Should.ThrowAsync<SecureChannelException>(() => Channels.Create().SecureAsync(wire.Listener, Upgrading.Listener()).Within())).Message.ShouldContain("does not speak TLS");
    }

    [Fact]
    public async Task A_record_that_is_too_long_is_refused_by_its_header()
    {
        await using var wire = BytePair.Create();
        wire.ToListener.Inject([22, 3, 3, 0xFF, 0xFF]);
        (await Should.ThrowAsync<SecureChannelException>(() => Channels.Create().SecureAsync(wire.Listener, Upgrading.Listener()).Within())).Message.ShouldContain("65535 bytes");
    }

    [Fact]
    public async Task A_handshake_that_is_too_long_is_refused()
    {
        // The start of a ClientHello of 128 KiB, record after record.
        await using var wire = BytePair.Create();
        byte[] record = [22, 3, 3, 64, 0, 1, 2, 0, 0, .. new byte[16380]];
        wire.ToListener.Inject(record);
        for (var i = 0; i < 4; i++) wire.ToListener.Inject([22, 3, 3, 64, 0, .. new byte[16384]]);
        await Should.ThrowAsync<SecureChannelException>(() => Channels.Create().SecureAsync(wire.Listener, Upgrading.Listener()).Within());
        wire.ToDialer.Sent.ShouldBeLessThan(1000);
    }

    [Fact]
    public async Task Two_dialers_notice_that_both_dialed()
    {
        await using var wire = BytePair.Create();
        var result = await HandshakeResult.RunAsync(Channels.Create(), Channels.Create(), wire, Upgrading.Dialer(), Upgrading.Dialer(), Watchdog.Patience);
        new[] { result.DialerError, result.ListenerError }.OfType<RoleConflictException>().ShouldNotBeEmpty();
    }

    [Fact]
    public async Task Early_negotiation_can_be_switched_off_on_either_side()
    {
        foreach (var (dialerOff, listenerOff) in new[] { (true, false), (false, true) })
        {
            await using var wire = BytePair.Create();
            var result = await HandshakeResult.RunAsync(
                Channels.Create(new TlsOptions { EarlyMuxerNegotiation = !dialerOff }), Channels.Create(new TlsOptions { EarlyMuxerNegotiation = !listenerOff }), wire,
                Upgrading.Dialer(muxers: ["/yamux/1.0.0"]), Upgrading.Listener(muxers: ["/yamux/1.0.0"]), Watchdog.Patience);
            result.Dialer.ShouldNotBeNull().EarlyMuxer.ShouldBeNull();
            result.Listener.ShouldNotBeNull().EarlyMuxer.ShouldBeNull();
        }
    }

    [Fact]
    public async Task A_remote_without_ALPN_is_served_and_negotiates_its_muxer()
    {
        await using var wire = BytePair.Create();
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var good = Strangers.MakeWithKey(key, DateTimeOffset.UtcNow, extensions: [Strangers.Identity(key)]);
        var listening = Channels.Create().SecureAsync(wire.Listener, Upgrading.Listener(muxers: ["/yamux/1.0.0"])).AsTask();
        await using var dialer = new SslStream(new TlsWire(wire.Dialer, ConnectionRole.Dialer, 1 << 16, PipeScheduler.ThreadPool));
        await dialer.AuthenticateAsClientAsync(Dialing(good, null, SslProtocols.Tls13)).Within();
        (await listening.Within()).EarlyMuxer.ShouldBeNull();
    }

    [Fact]
    public async Task One_channel_serves_many_handshakes_at_once()
    {
        var channel = Channels.Create();
        await Task.WhenAll(Enumerable.Range(0, 16).Select(async i =>
        {
            await using var wire = BytePair.Create();
            var (dialer, listener) = await SecurityChannelContract.ConnectSecuredAsync(channel, channel, wire);
            var bytes = DuplexBytes.Pattern(1000, i);
            await dialer.Connection.Output.WriteAsync(bytes);
            (await listener.Connection.Input.ReadExactlyAsync(1000)).ShouldBe(bytes);
        })).Within();
    }

    private static async Task HonestAsync(TlsChannel channel)
    {
        await using var wire = BytePair.Create();
        await SecurityChannelContract.ConnectSecuredAsync(Channels.Create(), channel, wire);
    }

    private static async Task<Exception> RefusalOfDialerAsync(
        TlsChannel channel, X509Certificate2? certificate, X509Certificate2Collection? extra = null, SslProtocols protocol = SslProtocols.Tls13)
    {
        await using var wire = BytePair.Create();
        var listening = channel.SecureAsync(wire.Listener, Upgrading.Listener()).AsTask();
        await using var dialer = new SslStream(new TlsWire(wire.Dialer, ConnectionRole.Dialer, 1 << 16, PipeScheduler.ThreadPool));
        var dialing = dialer.AuthenticateAsClientAsync(Dialing(certificate, extra, protocol));
        var refusal = await Should.ThrowAsync<Libp2pException>(() => listening.Within());
        wire.Listener.Abort(null);
        await Task.WhenAny(dialing).Within();
        return refusal;
    }

    private static async Task<Exception> RefusalOfListenerAsync(
        TlsChannel channel, X509Certificate2 certificate, X509Certificate2Collection? extra = null, SslProtocols protocol = SslProtocols.Tls13)
    {
        await using var wire = BytePair.Create();
        var dialing = channel.SecureAsync(wire.Dialer, Upgrading.Dialer()).AsTask();
        await using var listener = new SslStream(new TlsWire(wire.Listener, ConnectionRole.Listener, 1 << 16, PipeScheduler.ThreadPool));
        var listening = listener.AuthenticateAsServerAsync(new SslServerAuthenticationOptions
        {
            EnabledSslProtocols = protocol,
            ServerCertificateContext = Context(certificate, extra),
            ApplicationProtocols = [new("libp2p")],
        });
        var refusal = await Should.ThrowAsync<Libp2pException>(() => dialing.Within());
        wire.Dialer.Abort(null);
        await Task.WhenAny(listening).Within();
        return refusal;
    }

    private static SslClientAuthenticationOptions Dialing(X509Certificate2? certificate, X509Certificate2Collection? extra, SslProtocols protocol) => new()
    {
        TargetHost = "",
        EnabledSslProtocols = protocol,
        ClientCertificateContext = certificate is null ? null : Context(certificate, extra),
        RemoteCertificateValidationCallback = static (_, _, _, _) => true,
    };

    /// <summary>With what leads to an authority, but for that itself, as the runtime sends it.</summary>
    private static SslStreamCertificateContext Context(X509Certificate2 certificate, X509Certificate2Collection? extra) =>
        SslStreamCertificateContext.Create(certificate, extra, offline: true);
}
