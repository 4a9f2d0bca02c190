using Libp2p.Oracle;
using Libp2p.TestPeer;
using Libp2p.TestPeer.Dialing;
using Libp2p.TestPeer.Measuring;
using Libp2p.TestPeer.Serving;

// A peer for pairs and races with other implementations, on the public embedding API alone. README.md says what it speaks.
return args is [var command, .. var rest]
    ? command switch
    {
        "serve" => await ServeCommand.RunAsync(rest),
        "dial" => await DialCommand.RunAsync(rest),
        "perf" => await PerfCommand.RunAsync(rest),
        "oracle" => await OracleProgram.RunAsync(),
        _ => Usage(),
    }
    : Usage();

static int Usage()
{
    Console.Error.WriteLine("usage: testpeer serve [options]\n       testpeer dial ADDR --do ACTION [options]\n       testpeer perf --server-address HOST:PORT [options]\n       testpeer oracle\nREADME.md lists every option and action.");
    return PeerOptions.WrongCommandLine;
}
