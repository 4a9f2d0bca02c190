using Libp2p.Benchmarks.Throughput;

// Every figure is a ratio within one run: what is compared takes turns, A B A B, in processes of its own. See README.md.
return args switch
{
    ["serve-raw"] => await RawSide.ServeAsync(),
    ["serve-node"] => await NodeSide.ServeAsync(),
    ["send-raw", var address, var mebibytes] => await RawSide.SendAsync(address, int.Parse(mebibytes)),
    ["send-node", var address, var mebibytes] => await NodeSide.SendAsync(address, int.Parse(mebibytes)),
    _ => await Comparison.RunAsync(args),
};
