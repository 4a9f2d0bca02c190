using System.Net;
using System.Net.Sockets;
using Libp2p.TestKit;
using Microsoft.Extensions.Time.Testing;

namespace Libp2p.Swarm.Tests.Runtime;

/// <summary>Names, asked of a name server that is the test's own.</summary>
public sealed class SystemNamesTests : IAsyncDisposable
{
    private readonly TestNameServer _server = new();

    [Fact]
    public async Task Records_come_in_order_and_the_strings_of_one_are_joined()
    {
        _server.Set("_dnsaddr.example.org", ["dnsaddr=/ip4/192.0.2.1", "/tcp/4001"], ["something else"], [""], ["dnsaddr=/dnsaddr/other.example.org"]);
        (await Network().ResolveTextAsync("_dnsaddr.example.org").Within())
            .ShouldBe(["dnsaddr=/ip4/192.0.2.1/tcp/4001", "something else", "", "dnsaddr=/dnsaddr/other.example.org"]);
    }

    [Fact]
    public async Task A_long_answer_comes_by_tcp()
    {
        string[][] records = [.. Enumerable.Range(0, 100).Select(static number => (string[])[$"{number}", new string('x', 255), new string('y', 255)])];
        _server.Set("long.example.org", records);
        (await Network().ResolveTextAsync("long.example.org").Within()).ShouldBe(records.Select(static strings => string.Concat(strings)));
        _server.Asked.ShouldBe(["udp long.example.org", "tcp long.example.org"]);
    }

    [Fact]
    public async Task More_records_than_the_limit_are_left_out()
    {
        _server.Set("many.example.org", [.. Enumerable.Range(0, 1000).Select(static number => (string[])[$"{number}"])]);
        (await Network().ResolveTextAsync("many.example.org").Within()).Length.ShouldBe(new SystemNetworkOptions().MaxRecords);
        (await Network(new SystemNetworkOptions { MaxRecords = 3, NameServerTimeout = TimeSpan.FromMinutes(1), AnswerTimeout = TimeSpan.FromMinutes(5) }).ResolveTextAsync("many.example.org").Within()).ShouldBe(["0", "1", "2"]);
    }

    [Fact]
    public async Task A_name_without_records_has_none_and_one_that_is_not_there_is_not_found()
    {
        _server.Set("empty.example.org");
        (await Network().ResolveTextAsync("empty.example.org").Within()).ShouldBeEmpty();
        await FailsAsync("other.example.org", SocketError.HostNotFound);
    }

    [Fact]
    public async Task Addresses_of_both_families_come_and_what_one_question_finds_is_not_lost_to_the_other()
    {
        var (four, six) = (IPAddress.Parse("192.0.2.1"), IPAddress.Parse("2001:db8::1"));
        _server.SetAddresses("both.example.org", four, six);
        (await Network().ResolveAsync("both.example.org").Within()).ShouldBe([six, four]);
        _server.SetAddressesOfFourAlone("half.example.org", four);
        (await Network().ResolveAsync("half.example.org").Within()).ShouldBe([four]);
        _server.SetAddresses("empty.example.org");
        (await Network().ResolveAsync("empty.example.org").Within()).ShouldBeEmpty();
        (await Should.ThrowAsync<SocketException>(() => Network().ResolveAsync("other.example.org").AsTask().Within())).SocketErrorCode.ShouldBe(SocketError.HostNotFound);
        _server.Fail("failing.example.org", 2);
        (await Should.ThrowAsync<SocketException>(() => Network().ResolveAsync("failing.example.org").AsTask().Within())).SocketErrorCode.ShouldBe(SocketError.TryAgain);
    }

    [Fact]
    public async Task Answer_that_does_not_repeat_the_question_is_not_believed()
    {
        var right = IPAddress.Parse("192.0.2.1");
        _server.Forge("a-name-of-many-letters-so-that-by-lot-one-at-least-is-a-capital.example.org", IPAddress.Parse("192.0.2.66"), right);
        (await Network().ResolveAsync("a-name-of-many-letters-so-that-by-lot-one-at-least-is-a-capital.example.org").Within()).ShouldBe([right]);
        _server.Asked.Select(static asked => asked[..3]).ShouldBe(["udp", "udp", "tcp", "tcp"], ignoreOrder: true);
    }

    [Theory]
    [InlineData("localhost")]
    [InlineData("LocalHost")]
    public async Task Names_of_this_machine_are_asked_of_nobody_else(string name)
    {
        (await Network().ResolveAsync(name).Within()).ShouldContain(static address => IPAddress.IsLoopback(address));
        _server.Asked.ShouldBeEmpty();
    }

    [Fact]
    public async Task So_many_names_are_looked_up_at_a_time_and_more_wait()
    {
        _server.Silence("silent.example.org");
        _server.Set("example.org", ["here"]);
        var network = new SystemNetwork(options: new SystemNetworkOptions { NameServers = [_server.EndPoint], NameServerTimeout = TimeSpan.FromMinutes(1), AnswerTimeout = TimeSpan.FromMinutes(5), MaxLookups = 1 });
        using var cancel = new CancellationTokenSource();
        var first = network.ResolveTextAsync("silent.example.org", cancel.Token).AsTask();
        await _server.FirstQuestion.Within();
        var second = network.ResolveTextAsync("example.org").AsTask();
        using var impatient = new CancellationTokenSource();
        var third = network.ResolveTextAsync("example.org", impatient.Token).AsTask();
        await impatient.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => third.Within());
        _server.Asked.ShouldBe(["udp silent.example.org"]);
        await cancel.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => first.Within());
        (await second.Within()).ShouldBe(["here"]);
    }

    [Fact]
    public async Task Names_that_cannot_be_are_not_found_and_nobody_is_asked()
    {
        await FailsAsync($"{new string('a', 64)}.example.org", SocketError.HostNotFound);
        await FailsAsync(string.Join('.', Enumerable.Repeat("label", 60)), SocketError.HostNotFound);
        foreach (var name in (string[])["two..dots", ".", "a b", "a\\.b"]) await FailsAsync(name, SocketError.HostNotFound);
        _server.Asked.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("failing")]
    [InlineData("refusing")]
    [InlineData("garbled")]
    [InlineData("silent")]
    public async Task Where_nobody_answers_as_one_should_another_time_may_do(string name)
    {
        _server.Fail("failing", 2);
        _server.Fail("refusing", 5);
        _server.Garble("garbled");
        _server.Silence("silent");
        await FailsAsync(name, SocketError.TryAgain, new SystemNetworkOptions { NameServerTimeout = TimeSpan.FromMilliseconds(20) });
    }

    [Fact]
    public async Task The_whole_is_limited_by_the_clock_that_the_network_was_given()
    {
        _server.Silence("silent");
        var clock = new FakeTimeProvider();
        var network = Network(new SystemNetworkOptions { NameServerTimeout = TimeSpan.FromMinutes(1) }, clock);
        var asking = network.ResolveTextAsync("silent").AsTask();
        await _server.FirstQuestion.Within();
        clock.Advance(new SystemNetworkOptions().AnswerTimeout);
        (await Should.ThrowAsync<SocketException>(() => asking.Within())).SocketErrorCode.ShouldBe(SocketError.TryAgain);
    }

    [Fact]
    public async Task The_next_name_server_is_asked_where_the_first_is_not_there()
    {
        using var nobody = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        _server.Set("example.org", ["here"]);
        var network = new SystemNetwork(options: new SystemNetworkOptions
        {
            NameServers = [(IPEndPoint)nobody.Client.LocalEndPoint!, _server.EndPoint],
            NameServerTimeout = TimeSpan.FromMilliseconds(20),
        });

        // The second answers in time or is asked again: on a machine that is busy for longer than that, the whole is tried anew.
        while (true)
        {
            try
            {
                (await network.ResolveTextAsync("example.org").Within()).ShouldBe(["here"]);
                return;
            }
            catch (SocketException slow) when (slow.SocketErrorCode == SocketError.TryAgain)
            {
            }
        }
    }

    [Fact]
    public async Task Who_gives_up_is_told_so()
    {
        _server.Silence("silent");
        using var cancel = new CancellationTokenSource();
        var asking = Network(new SystemNetworkOptions { NameServerTimeout = TimeSpan.FromMinutes(1) }).ResolveTextAsync("silent", cancel.Token).AsTask();
        await _server.FirstQuestion.Within();
        await cancel.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => asking.Within());
        await Should.ThrowAsync<OperationCanceledException>(() => Network().ResolveTextAsync("silent", cancel.Token).AsTask().Within());
    }

    [Fact]
    public void Options_out_of_range_are_refused()
    {
        foreach (var wrong in (SystemNetworkOptions[])
        [
            new() { NameServers = [.. Enumerable.Repeat(_server.EndPoint, 9)] },
            new() { NameServerTimeout = TimeSpan.Zero },
            new() { AnswerTimeout = TimeSpan.FromHours(1) },
            new() { MaxRecords = 0 },
            new() { MaxLookups = 0 },
        ])
        {
            Should.Throw<ArgumentException>(() => new SystemNetwork(options: wrong));
        }
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private async Task FailsAsync(string name, SocketError why, SystemNetworkOptions? options = null) =>
        (await Should.ThrowAsync<SocketException>(() => Network(options).ResolveTextAsync(name).AsTask().Within())).SocketErrorCode.ShouldBe(why);

    private SystemNetwork Network(SystemNetworkOptions? options = null, TimeProvider? time = null)
    {
        // On a busy machine an answer takes its time.
        options ??= new SystemNetworkOptions { NameServerTimeout = TimeSpan.FromMinutes(1), AnswerTimeout = TimeSpan.FromMinutes(5) };
        return new SystemNetwork(time, new SystemNetworkOptions
        {
            NameServers = [_server.EndPoint],
            NameServerTimeout = options.NameServerTimeout,
            AnswerTimeout = options.AnswerTimeout,
            MaxRecords = options.MaxRecords,
        });
    }
}
