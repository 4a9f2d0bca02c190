using System.Security.Cryptography;
using System.Text;
using Libp2p.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace Libp2p.Interop.Tests.Js;

/// <summary>Our node, composed as any user would, serving the same protocols as the js peer.</summary>
public sealed class OurNode : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    private OurNode(ServiceProvider services) => _services = services;

    public INode Node => _services.GetRequiredService<INode>();

    /// <summary>Its address, ending in <c>/p2p/ID</c>.</summary>
    public string Address => $"{Node.ListenAddresses[0]}/p2p/{Node.PeerId}";

    /// <summary>How the streams of <c>/test/watch/1.0.0</c> ended: an exception, or null for the end of the stream.</summary>
    public System.Threading.Channels.Channel<Exception?> Watched { get; } = System.Threading.Channels.Channel.CreateUnbounded<Exception?>();

    /// <param name="nameServer">Where names are asked for; null: where the system does.</param>
    /// <param name="security">The security channels, in order of preference.</param>
    /// <param name="key">The file with the key of a private network; null: of none.</param>
    public static async Task<OurNode> StartAsync(string? nameServer = null, string security = "noise", string? key = null)
    {
        var services = new ServiceCollection();
        services.AddLibp2p(node => Secure(node.AddTcp().AddPrivateNetwork(o => o.KeyFile = key), security).AddYamux().AddIdentify().AddPing().AddPerf(perf => perf.Serve = true).Configure(options =>
        {
            options.Listen.Add("/ip4/127.0.0.1/tcp/0");
            if (nameServer is not null) options.NameServers.Add(nameServer);
        }));
        var ours = new OurNode(services.BuildServiceProvider());
        var hosted = ours._services.GetRequiredService<Libp2pNode>();
        await hosted.StartAsync();
        hosted.Plugins.ShouldAllBe(plugin => plugin.State == PluginState.Active);
        ours.Node.Handle("/test/echo/1.0.0", EchoAsync);
        ours.Node.Handle("/test/digest/1.0.0", DigestAsync);
        ours.Node.Handle("/test/reset/1.0.0", ResetAsync);
        ours.Node.Handle("/test/watch/1.0.0", ours.WatchAsync);
        return ours;
    }

    /// <summary>The SHA-256 and the length of everything up to the end of the stream.</summary>
    public static async Task<string> DigestOfAsync(IStream stream)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        long length = 0;
        while (true)
        {
            var read = await stream.Input.ReadAsync();
            foreach (var piece in read.Buffer) hash.AppendData(piece.Span);
            length += read.Buffer.Length;
            stream.Input.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted) return $"{length} {Convert.ToHexStringLower(hash.GetHashAndReset())}";
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _services.GetRequiredService<Libp2pNode>().StopAsync();
        await _services.DisposeAsync();
    }

    private static ILibp2pBuilder Secure(ILibp2pBuilder node, string security) => security.Split(',').Aggregate(node, static (node, channel) => channel switch
    {
        "noise" => node.AddNoise(),
        "tls" => node.AddTls(),
        _ => throw new ArgumentException($"There is no channel '{channel}' here.", nameof(channel)),
    });

    private static async ValueTask EchoAsync(IStream stream, CancellationToken cancellationToken)
    {
        while (true)
        {
            var read = await stream.Input.ReadAsync(cancellationToken);
            foreach (var piece in read.Buffer) await stream.Output.WriteAsync(piece, cancellationToken);
            stream.Input.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted) break;
        }

        await stream.Output.CompleteAsync();
    }

    /// <summary>Answers only after the remote has half-closed.</summary>
    private static async ValueTask DigestAsync(IStream stream, CancellationToken cancellationToken)
    {
        var digest = await DigestOfAsync(stream);
        await stream.Output.WriteAsync(Encoding.ASCII.GetBytes(digest), cancellationToken);
        await stream.Output.CompleteAsync();
    }

    private static async ValueTask ResetAsync(IStream stream, CancellationToken cancellationToken)
    {
        var read = await stream.Input.ReadAsync(cancellationToken);
        stream.Input.AdvanceTo(read.Buffer.End);
        stream.Abort(StreamSide.Both, StreamErrorCode.None);
    }

    private async ValueTask WatchAsync(IStream stream, CancellationToken cancellationToken)
    {
        await stream.Output.WriteAsync("watching"u8.ToArray(), cancellationToken);
        try
        {
            await DigestOfAsync(stream);
            Watched.Writer.TryWrite(null);
        }
        catch (Exception e)
        {
            Watched.Writer.TryWrite(e);
        }
    }
}
