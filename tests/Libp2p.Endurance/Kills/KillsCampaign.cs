using System.Diagnostics;
using System.Globalization;
using Libp2p.Multiformats;
using Libp2p.Node.Tests;

namespace Libp2p.Endurance.Kills;

/// <summary>
/// The program on one data folder, killed by SIGKILL. After each kill the folder holds nothing half written, the next start takes it as it is, is the same peer, answers on its control socket, and the
/// peer that was connected has noticed and connects again. The seed decides moments; nothing that is asserted depends on them.
/// </summary>
/// <param name="folder">Empty; the data folder.</param>
/// <param name="seed">Decides.</param>
/// <param name="samePort">Whether each start listens where the one before did, as a node that others know does; not where other programs take ports.</param>
/// <param name="say">Is told a line a kill.</param>
internal sealed class KillsCampaign(string folder, int seed, bool samePort, Action<string> say) : IAsyncDisposable
{
    private static readonly Dictionary<string, string> Environment = new() { ["Libp2p__Plugins__perf__Serve"] = "true", ["Libp2p__Plugins__perf__MaxStreamsPerPeer"] = "16" };

    private readonly Random _random = new(seed);
    private readonly DataFolder _data = new(folder);
    private readonly int[] _killed = new int[Enum.GetValues<KillMoment>().Length];
    private Peer? _peer;
    private NodeProcess? _node;
    private Multiaddr? _address;
    private string _listen = "/ip4/127.0.0.1/tcp/0";

    // How long each takes where nobody kills it: moments lie within.
    private TimeSpan _start = TimeSpan.FromSeconds(1);
    private TimeSpan _keys = TimeSpan.FromSeconds(1);

    public int Count { get; private set; }

    public string Summary => $"{Count} kills: {string.Join(", ", Enum.GetValues<KillMoment>().Select(moment => $"{_killed[(int)moment]} {moment}"))}; every start after one was the same peer, found nothing half written and was reached again";

    /// <summary>Kills once, and looks.</summary>
    /// <exception cref="EnduranceException">Something that must hold does not.</exception>
    public async Task KillAsync(KillMoment moment)
    {
        Count++;
        _peer ??= await Peer.StartAsync("").ConfigureAwait(false);
        var (done, after) = moment switch
        {
            KillMoment.Starting => await KillStartingAsync().ConfigureAwait(false),
            KillMoment.Serving => await KillServingAsync().ConfigureAwait(false),
            _ => await KillReplacingAsync().ConfigureAwait(false),
        };
        _killed[(int)moment]++;
        _data.CheckKilled(moment);
        await StartAsync().ConfigureAwait(false);
        say(string.Create(CultureInfo.InvariantCulture, $"{Count,5}  {moment,-13} after {after.TotalMilliseconds,6:0} ms{done}; starts again in {_start.TotalMilliseconds:0} ms"));
    }

    /// <summary>Ends the node in order.</summary>
    public Task EndAsync() => StopAsync();

    public async ValueTask DisposeAsync()
    {
        if (_node is not null)
        {
            await _node.DisposeAsync().ConfigureAwait(false);
        }

        if (_peer is not null)
        {
            await _peer.DisposeAsync().ConfigureAwait(false);
        }
    }

    private async Task<(string, TimeSpan)> KillStartingAsync()
    {
        await StopAsync().ConfigureAwait(false);
        var makesKey = _random.Next(2) == 0;
        if (makesKey)
        {
            _data.Forget();
        }

        var after = Moment(_start);
        await using var node = NodeProcess.StartWith(folder, Environment, "--json", "--listen", _listen);
        await Task.Delay(after).ConfigureAwait(false);
        node.Kill();
        await node.EndAsync().ConfigureAwait(false);
        return (makesKey ? ", without a key" : "", after);
    }

    private async Task<(string, TimeSpan)> KillServingAsync()
    {
        if (_node is null)
        {
            await StartAsync().ConfigureAwait(false);
        }

        var connection = await _peer!.Node.ConnectAsync(_address!).ConfigureAwait(false);
        var load = Load.Begin(_peer, connection, _address!, folder);
        var after = Moment(TimeSpan.FromSeconds(1));
        await Task.Delay(after).ConfigureAwait(false);
        load.Mark();
        _node!.Kill();
        await _node.EndAsync().ConfigureAwait(false);
        await _node.DisposeAsync().ConfigureAwait(false);
        _node = null;
        await connection.Completion.For(() => $"the peer does not notice that {connection} is gone").ConfigureAwait(false);
        await load.EndAsync().ConfigureAwait(false);
        return ($",{load}", after);
    }

    private async Task<(string, TimeSpan)> KillReplacingAsync()
    {
        await StopAsync().ConfigureAwait(false);
        var after = Moment(_keys);
        var time = Stopwatch.StartNew();
        await using var keys = NodeProcess.Start(folder, "keys", "create", "--force", "--type", _random.Next(2) == 0 ? "ed25519" : "ecdsa");
        var ended = keys.EndAsync();
        if (await Task.WhenAny(ended, Task.Delay(after)).ConfigureAwait(false) == ended)
        {
            _keys = time.Elapsed;
        }

        keys.Kill();
        await ended.ConfigureAwait(false);
        return (_data.Replaced() ? ", replaced" : ", not yet replaced", after);
    }

    private TimeSpan Moment(TimeSpan within) => within * 1.2 * _random.NextDouble();

    /// <summary>Starts, as anyone would, and asks for all that a start promises.</summary>
    private async Task StartAsync()
    {
        var time = Stopwatch.StartNew();
        _node = NodeProcess.StartWith(folder, Environment, "--json", "--listen", _listen);
        var listening = await Task.Run(() => _node.Event("listening")).ConfigureAwait(false);
        _start = time.Elapsed;
        _address = Multiaddr.Parse((string)listening["addrs"]![0]!);
        _listen = samePort ? _address.WithoutPeerId()!.ToString() : _listen;
        _data.CheckStarted((string)listening["peerId"]!);
        using (var control = new ControlSocket(folder))
        {
            var status = await control.AskAsync("status").ConfigureAwait(false);
            ((int)status["pid"]!).ShouldBe(_node.Pid, "another process answers on the control socket");
        }

        var connection = await _peer!.Node.ConnectAsync(_address).AsTask().For(() => $"the peer does not reach {_address}").ConfigureAwait(false);
        await foreach (var rtt in _peer.Find<IPingService>().PingAsync(connection).ConfigureAwait(false))
        {
            rtt.ShouldBeGreaterThan(TimeSpan.Zero);
            break;
        }
    }

    private async Task StopAsync()
    {
        if (_node is null)
        {
            return;
        }

        using (var control = new ControlSocket(folder))
        {
            ((bool)(await control.AskAsync("stop").ConfigureAwait(false))["ok"]!).ShouldBeTrue();
        }

        var (code, _, errors) = await _node.EndAsync().ConfigureAwait(false);
        code.ShouldBe(0, errors);
        await _node.DisposeAsync().ConfigureAwait(false);
        _node = null;
        _data.CheckStopped();
    }
}
