using Libp2p.Hosting;
using Libp2p.TestPeer.Protocols;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Libp2p.TestPeer;

/// <summary>A node of this process, with the protocols that the contract wants served, composed as any user would.</summary>
internal sealed class Peer : IAsyncDisposable
{
    private readonly ServiceProvider _services;
    private readonly Libp2pNode _hosted;

    private Peer(ServiceProvider services, Libp2pNode hosted)
    {
        _services = services;
        _hosted = hosted;
    }

    public INode Node => _hosted.Node;

    public IPerfService Perf => Node.Find<IPerfService>() ?? throw new InvalidOperationException("perf is not active");

    public IIdentifyService Identify => Node.Find<IIdentifyService>() ?? throw new InvalidOperationException("identify is not active");

    public static async Task<Peer> StartAsync(PeerOptions options, bool listen)
    {
        options.CheckSupported();
        var family = options.Host.Contains(':') ? "ip6" : "ip4";
        var services = new ServiceCollection();
        if (Environment.GetEnvironmentVariable("TESTPEER_LOG") is not null)
        {
            services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(new StandardErrorLoggerProvider()));
        }

        services.AddLibp2p(node => Secure(node.AddTcp(), options)
            .AddYamux(o =>
            {
                if (options.Bench) Unlimited.Yamux(o);
            })
            .AddPing()
            .AddPerf(o => Unlimited.Perf(o, options.Block))
            .AddIdentify()
            .UseIdentity(new NodeIdentity(KeyOf(options)))
            .Configure(o =>
            {
                o.Listen.Add(listen ? $"/{family}/{options.Host}/tcp/{options.Port}" : "");
                Unlimited.Swarm(o.Swarm);
            }));
        var provider = services.BuildServiceProvider();
        var hosted = provider.GetRequiredService<Libp2pNode>();
        var peer = new Peer(provider, hosted);
        try
        {
            await hosted.StartAsync().ConfigureAwait(false);
            var missing = hosted.Plugins.FirstOrDefault(p => p.State != PluginState.Active);
            if (missing is not null) throw new InvalidOperationException($"{missing.Name}: {missing.Reason}");
            peer.Node.Handle(new EchoHandler(options));
            peer.Node.Handle(new FetchHandler(options));
            return peer;
        }
        catch
        {
            await peer.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _hosted.StopAsync(new CancellationToken(canceled: true)).ConfigureAwait(false);
        await _services.DisposeAsync().ConfigureAwait(false);
    }

    private static ILibp2pBuilder Secure(ILibp2pBuilder node, PeerOptions options)
    {
        foreach (var channel in options.List("security", "noise"))
        {
            _ = channel == "tls" ? node.AddTls() : node.AddNoise();
        }

        return options.Has("psk") ? node.AddPrivateNetwork(o => o.KeyFile = options.Text("psk", "")) : node;
    }

    private static PrivateKey KeyOf(PeerOptions options)
    {
        if (options.Seed is { } seed)
        {
            Span<byte> bytes = stackalloc byte[32];
            bytes.Fill((byte)seed);
            return PrivateKey.FromEd25519Seed(bytes);
        }

        var name = options.Text("key-type", "Ed25519");
        if (!Enum.TryParse<KeyType>(name, ignoreCase: true, out var type)) throw new UnsupportedException($"--key-type {name}");
        try
        {
            return PrivateKey.Generate(type);
        }
        catch (NotSupportedException)
        {
            throw new UnsupportedException($"--key-type {name}");
        }
    }
}
