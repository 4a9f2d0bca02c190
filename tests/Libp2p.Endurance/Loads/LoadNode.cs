using System.Diagnostics;
using System.Text.Json;
using Libp2p.Hosting;
using Libp2p.Multiformats;
using Microsoft.Extensions.DependencyInjection;

namespace Libp2p.Endurance.Loads;

/// <summary>A node in a process of its own: the one under load, or an honest peer that pings it. Takes a word a line, and answers with a line of JSON.</summary>
internal sealed class LoadNode : IAsyncDisposable
{
    /// <summary>Asks for a <see cref="LoadAnswer"/> with what the process holds.</summary>
    public const string SampleWord = "sample";

    /// <summary>Followed by seconds: pings for so long.</summary>
    public const string PingWord = "ping";

    public const string StopWord = "stop";

    /// <summary>Answers each byte string by itself, then ends.</summary>
    public static readonly ProtocolId Echo = "/load/echo/1.0.0";

    /// <summary>Sends for ever.</summary>
    public static readonly ProtocolId Source = "/load/source/1.0.0";

    private readonly ServiceProvider _services;
    private readonly Libp2pNode _hosted;

    private LoadNode(ServiceProvider services) => (_services, _hosted) = (services, services.GetRequiredService<Libp2pNode>());

    public INode Node => _hosted.Node;

    /// <summary>Starts one that carries much, with the limits of its kind lifted and those of resources where the machine puts them.</summary>
    public static async Task<LoadNode> StartAsync(string listen)
    {
        var services = new ServiceCollection();
        services.AddLibp2p(node => node.AddTcp().AddNoise()
            .AddYamux(yamux => (yamux.MaxInboundStreams, yamux.MaxOutboundStreams, yamux.ResetBurst) = (100_000, 100_000, 100_000))
            .AddIdentify()
            .AddPing()
            .Configure(options =>
            {
                options.Listen.Add(listen);
                options.Swarm.MaxPendingUpgrades = 256;
                options.Swarm.Dialing.PrivateAddressTimeout = options.Swarm.UpgradeTimeout = TimeSpan.FromMinutes(1);
                options.Swarm.Dialing.MaxDialsPerPeer = 64;
                var resources = options.Swarm.Resources;
                (resources.MaxConnections, resources.MaxConnectionsPerPeer, resources.LowWater) = (resources.EffectiveDescriptors, resources.EffectiveDescriptors, resources.EffectiveDescriptors);
                (resources.MaxStreams, resources.MaxStreamsPerPeer, resources.MaxStreamsPerConnection, resources.MaxStreamsPerProtocol) = (400_000, 400_000, 100_000, 400_000);
                resources.MemoryPerPeer = resources.EffectiveMemory;
            }));
        var made = new LoadNode(services.BuildServiceProvider());
        await made._hosted.StartAsync().ConfigureAwait(false);
        return made;
    }

    /// <param name="remote">Whom to ping; null: it is the one under load.</param>
    public static async Task<int> RunAsync(string? remote)
    {
        await using var node = await StartAsync(remote is null ? "/ip4/127.0.0.1/tcp/0" : "").ConfigureAwait(false);
        IConnection? connection = null;
        if (remote is null)
        {
            node.Node.Handle(Echo, static async (stream, cancel) =>
            {
                await stream.Input.CopyToAsync(stream.Output, cancel).ConfigureAwait(false);
                await stream.Output.CompleteAsync().ConfigureAwait(false);
            });
            node.Node.Handle(Source, static async (stream, cancel) =>
            {
                var block = new byte[16 * 1024];
                while ((await stream.Output.WriteAsync(block, cancel).ConfigureAwait(false)).IsCompleted is false)
                {
                }
            });
            Answer(new LoadAnswer { Address = $"{node.Node.ListenAddresses[0]}/p2p/{node.Node.PeerId}" });
        }
        else
        {
            connection = await node.Node.ConnectAsync(Multiaddr.Parse(remote)).ConfigureAwait(false);
            Answer(new LoadAnswer());
        }

        while (await Console.In.ReadLineAsync().ConfigureAwait(false) is { } word && word != StopWord)
        {
            Answer(word.Split(' ') is [PingWord, var seconds]
                ? new LoadAnswer { RoundTrips = await PingAsync(node.Node, connection!, TimeSpan.FromSeconds(double.Parse(seconds, System.Globalization.CultureInfo.InvariantCulture))).ConfigureAwait(false) }
                : Sample(node.Node));
        }

        return 0;
    }

    public async ValueTask DisposeAsync()
    {
        await _hosted.StopAsync().ConfigureAwait(false);
        await _services.DisposeAsync().ConfigureAwait(false);
    }

    private static async Task<double[]> PingAsync(INode node, IConnection connection, TimeSpan time)
    {
        var times = new List<double>();
        var clock = Stopwatch.StartNew();
        await foreach (var roundTrip in node.Find<IPingService>()!.PingAsync(connection).ConfigureAwait(false))
        {
            times.Add(roundTrip.TotalMilliseconds);
            if (clock.Elapsed >= time) break;
            await Task.Delay(5).ConfigureAwait(false);
        }

        times.Sort();
        return [.. times];
    }

    private static LoadAnswer Sample(INode node)
    {
        using var process = Process.GetCurrentProcess();
        var heap = GC.GetTotalMemory(forceFullCollection: true);
        var report = node.Governor.Report(0);
        long Use(string name) => report.Node.Single(use => use.Name == name).Used;
        return new LoadAnswer
        {
            Heap = heap, Resident = process.WorkingSet64, Priced = Use("bytes"), Connections = Use("connections"), Streams = Use("streams"), Refused = report.Refusals.Sum(static refusals => refusals.Count),
        };
    }

    private static void Answer(LoadAnswer answer)
    {
        Console.Out.WriteLine(JsonSerializer.Serialize(answer));
        Console.Out.Flush();
    }
}

/// <summary>What a process of a load says.</summary>
internal sealed record LoadAnswer
{
    /// <summary>Where it listens.</summary>
    public string? Address { get; init; }

    /// <summary>In milliseconds, sorted.</summary>
    public double[]? RoundTrips { get; init; }

    /// <summary>Managed bytes, right after a collection.</summary>
    public long Heap { get; init; }

    public long Resident { get; init; }

    /// <summary>Bytes that the governor counts.</summary>
    public long Priced { get; init; }

    public long Connections { get; init; }

    public long Streams { get; init; }

    /// <summary>What limits refused since the start.</summary>
    public long Refused { get; init; }
}
